// A chart as a PNG, drawn here from the SVG on the page: no server is asked, so it works from a folder, too.
"use strict";

(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const [HEAD, FOOT, EDGE, SCALE] = [72, 44, 14, 2];
  const LETTERS = 115; // in a line
  const [INK, FAINT, PAPER] = ["#1b2a2a", "#4d5c56", "#f4f6ee"];

  for (const figure of document.querySelectorAll("figure.chart")) {
    const button = figure.querySelector("button[data-png]");
    const chart = figure.querySelector("svg.wide");
    if (!button || !chart) continue;
    button.hidden = false;
    button.addEventListener("click", () => save(figure, chart, button));
  }

  async function save(figure, chart, button) {
    button.disabled = true;
    try {
      const png = await drawn(alone(figure, chart));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(png);
      link.download = `${figure.dataset.chart}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    } finally {
      button.disabled = false;
    }
  }

  // The colours of paper stand in the SVG as attributes, and the page's style sheet does not reach a picture: so what is
  // passed on looks the same whatever the reader's own screen is set to.
  function alone(figure, chart) {
    const { width, height } = chart.viewBox.baseVal;
    const whole = element("svg", { xmlns: SVG, width, height: height + HEAD + FOOT, "font-family": chart.getAttribute("font-family"), "font-size": 13 });
    const plot = element("g", { transform: `translate(0 ${HEAD})` });
    plot.append(...[...chart.cloneNode(true).children].filter((child) => child.tagName !== "title" && child.tagName !== "desc"));
    const below = HEAD + height;
    whole.append(
      letters(),
      element("rect", { width, height: height + HEAD + FOOT, fill: PAPER }),
      words(figure.querySelector("h3")?.textContent, 28, { "font-size": 20, "font-weight": 600, fill: INK }),
      ...broken(figure.querySelector(".caption")?.textContent).map((line, at) => words(line, 47 + 15 * at, { fill: FAINT })),
      plot,
      element("path", { d: `M${EDGE} ${below + 8}H${width - EDGE}M${EDGE} ${below + 11}H${width - EDGE}`, stroke: INK }),
      words(source(), below + 29, { "font-size": 11, fill: FAINT }),
    );
    return whole;
  }

  // A picture of an SVG sees none of the page's fonts, so it is given its own.
  function letters() {
    const style = element("style", {});
    const faces = (window.lossledger?.fonts ?? []).filter(([family]) => family.includes("Plex"));
    style.textContent = faces.map(([family, weight, data]) => `@font-face { font-family: "${family}"; font-weight: ${weight}; src: url("data:font/woff2;base64,${data}"); }`).join("\n");
    return style;
  }

  function element(name, attributes) {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  function words(text, y, attributes) {
    const line = element("text", { x: EDGE, y, ...attributes });
    line.textContent = (text ?? "").trim().replace(/\s+/g, " ");
    return line;
  }

  // SVG breaks no lines by itself; two are enough for a caption.
  function broken(text) {
    const lines = [""];
    for (const word of (text ?? "").trim().split(/\s+/)) {
      if (lines.at(-1).length + word.length > LETTERS && lines.length < 2) lines.push("");
      lines.push(`${lines.pop()} ${word}`.trim());
    }
    return lines;
  }

  // Where it is from, so that the picture can be passed on alone.
  function source() {
    const site = document.querySelector(".site-title")?.textContent ?? document.title;
    return location.protocol === "file:" ? site : `${site}, ${location.origin}${location.pathname}`;
  }

  function drawn(svg) {
    const image = new Image();
    const canvas = document.createElement("canvas");
    canvas.width = svg.getAttribute("width") * SCALE;
    canvas.height = svg.getAttribute("height") * SCALE;
    return new Promise((resolve, reject) => {
      image.onerror = () => reject(new Error("the chart could not be drawn"));
      image.onload = () => {
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        canvas.toBlob(resolve, "image/png");
      };
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
    });
  }
})();
