#!/usr/bin/env perl
# Verifies a proof of lossledger, from what docs/proof.md says and nothing else:
#
#     perl verify.pl FILE HEAD            that the entries of a loss stand in the ledger
#     perl verify.pl FILE HEAD EARLIER    that the ledger of HEAD continues that of EARLIER
use strict;
use warnings;
use Digest::SHA qw(sha256 sha256_hex);
use JSON::PP;
use MIME::Base64 qw(decode_base64url);

my ($file, $head, $earlier) = @ARGV;
my $json = JSON::PP->new->utf8;

sub fail { print "$_[0]\n"; exit 1 }
sub leaf { sha256("\0$_[0]") }
sub node { sha256("\1$_[0]$_[1]") }
sub path { unpack '(a32)*', decode_base64url($_[0]) }

# The text of an array as it is hashed. JSON::PP escapes U+007F, RFC 8785 does not.
sub written { my $text = $json->encode($_[0]); $text =~ s/(\\\\)|\\u007f/$1 \/\/ "\x7f"/ge; $text }

# RFC 9162, section 2.1.3.2: the root that a leaf leads to.
sub included {
    my ($r, $fn, $size, @path) = @_;
    my $sn = $size - 1;
    return '' if $fn > $sn;
    for my $p (@path) {
        return '' if $sn == 0;
        if ($fn & 1 || $fn == $sn) {
            $r = node($p, $r);
            until ($fn & 1 || $fn == 0) { $fn >>= 1; $sn >>= 1 }
        } else {
            $r = node($r, $p);
        }
        $fn >>= 1; $sn >>= 1;
    }
    return $sn == 0 ? $r : '';
}

# Section 2.1.4.2: whether the first tree is the beginning of the second.
sub continued {
    my ($first, $second, $one, $other, @path) = @_;
    return $one eq $other && !@path if $first == $second;
    return 0 unless @path;
    unshift @path, $one unless $first & ($first - 1);
    my ($fn, $sn) = ($first - 1, $second - 1);
    while ($fn & 1) { $fn >>= 1; $sn >>= 1 }
    my $fr = my $sr = shift @path;
    for my $c (@path) {
        return 0 if $sn == 0;
        if ($fn & 1 || $fn == $sn) {
            $fr = node($c, $fr); $sr = node($c, $sr);
            until ($fn & 1 || $fn == 0) { $fn >>= 1; $sn >>= 1 }
        } else {
            $sr = node($sr, $c);
        }
        $fn >>= 1; $sn >>= 1;
    }
    return $fr eq $one && $sr eq $other && $sn == 0;
}

open my $in, '<:raw', $file or die "$file: $!\n";
my $proof = $json->decode(do { local $/; <$in> });
my ($size, $chain, $root) = split /:/, $head;
$root = pack 'H*', $root;

if ($proof->{proof} eq 'loss') {
    fail('head') if $proof->{head} ne $head;
    for my $one (@{ $proof->{entries} }) {
        my $entry = $one->{entry};
        my @digests = map { @$_ == 2 ? $_ : [$_->[1], sha256_hex(written($_))] } @{ $one->{details} };
        $digests[$_ - 1][0] lt $digests[$_][0] or fail("entry $entry->[1]: details") for 1 .. $#digests;
        fail("entry $entry->[1]: details") if sha256_hex(written(\@digests)) ne $entry->[9];
        my $leaf = leaf(sha256(written($entry)));
        fail("entry $entry->[1]: path") if included($leaf, $entry->[1] - 1, $size, path($one->{path})) ne $root;
        next if $one->{of} ne 'loss';
        fail("entry $entry->[1]: subject") if $entry->[4] ne 'loss' || $entry->[5] ne $proof->{loss};
    }
} else {
    my ($first, $last, $begun) = split /:/, $earlier;
    fail('head') if $proof->{to} ne $head || index("$proof->{from}:", "$earlier:") != 0;
    my $leaf = leaf(pack 'H*', $last);
    fail('last') if included($leaf, $first - 1, $size, path($proof->{last})) ne $root;
    $begun = pack 'H*', $begun // (split /:/, $proof->{from})[2];
    fail('path') unless continued($first, $size, $begun, $root, path($proof->{path}));
}
print "proved\n";
