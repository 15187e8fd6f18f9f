"""The public site: static pages that any web host serves, and that work from a folder without one.

``build.publish`` writes a site of one conflict into a folder. Everything that stands in it is read from one connection,
which is the public copy of a ledger: what the public view hides is not there, so no page can show it.

========================================  ==================================================================
``index.html``                            the figures by side with what is said beside them, charts, headings, the map
``category/HEADING.html``                 the types of one heading by side
``category/HEADING.SIDE.html``, ``.2``    a side's items of a heading, type by type, each with its evidence
``items.html``                            search over all items; ``data/items-HEADING.js`` holds them
``loss/UID.html``                         a loss, at this address for ever: merged and withdrawn ones too
``corrections.html``, ``corrections-N``   what was corrected; N counts from the oldest, so that older pages stay
``method.html``, ``cite.html``            what is counted and how, how to cite it
``downloads.html``, ``feed.xml``          files for programs; changes as an Atom feed
``head.json``, ``head.txt``               what the ledger's journal comes to: its size, last hash and Merkle root
``embed/CHART.html``                      a chart by itself
========================================  ==================================================================

Who makes what: ``frame`` is what all pages have in common, ``figures`` the numbers, ``looks`` the templates' language,
``folder`` writes, ``changed`` decides what may be left as it is. Scripts and style are in ``assets``, pages in
``templates``; ``charts`` and ``map`` draw. A data script is one call, ``lossledger.items({...})``, columns first and
names by index, since a script may be loaded from a folder where nothing may be fetched.
"""
