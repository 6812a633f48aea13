"use strict";
// Draws a container's charts and keeps them, and the figures below them, up to date. Without it the page is readable as it came.
(() => {
  const section = document.getElementById("charts");
  if (!section || !window.uPlot) return;
  const plots = new Map();
  const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const scaled = (value, unit, base, suffixes) => {
    let power = 0;
    while (value >= base && power < suffixes.length - 1) { value /= base; power++; }
    return (value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toPrecision(2)) + suffixes[power] + unit;
  };
  const axis = {
    bytes: value => scaled(value, "", 1024, [" B", " K", " M", " G", " T"]),
    bytes_per_second: value => scaled(value, "/s", 1024, [" B", " K", " M", " G", " T"]),
    cores: value => value === 0 ? "0" : value < 0.1 ? (value * 1000).toPrecision(2) + " m" : value.toPrecision(2),
    count: value => scaled(value, "", 1000, ["", " k", " M"]),
  };
  const clock = new Intl.DateTimeFormat([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const powers = Array.from({ length: 50 }, (_, i) => 2 ** i);
  const options = (chart, width) => ({
    width, height: 150, legend: { show: false }, cursor: { y: false }, padding: [8, 28, 0, 0],
    scales: { y: { range: (_, low, high) => [0, high > 0 ? high * 1.1 : 1] } },
    series: [{}, ...chart.lines.map((line, i) => ({
      label: line.name, width: 1.5, points: { show: false },
      stroke: () => color(line.name === "limit" ? "--mark" : "--c" + i % 4), dash: line.name === "limit" ? [4, 4] : undefined,
    }))],
    axes: [
      { stroke: () => color("--quiet"), grid: { stroke: () => color("--line"), width: 1 }, ticks: { show: false }, size: 26,
        space: 90, values: (_, marks) => marks.map(mark => clock.format(mark * 1000)) },
      { stroke: () => color("--quiet"), grid: { stroke: () => color("--line"), width: 1 }, ticks: { show: false }, size: 62,
        ...(chart.unit.startsWith("bytes") ? { incrs: powers } : {}),
        values: (_, marks) => marks.map(axis[chart.unit]) },
    ],
  });
  const draw = chart => {
    const figure = [...section.children].find(each => each.dataset.title === chart.title);
    if (!figure) return;
    for (const line of chart.lines) {
      const cell = [...figure.querySelectorAll("[data-line]")].find(each => each.dataset.line === line.name);
      if (cell) cell.textContent = line.latest;
    }
    const data = [chart.seconds, ...chart.lines.map(line => line.values)];
    const known = plots.get(chart.title);
    if (known && known.series.length === data.length) return known.setData(data);
    if (known) known.destroy();
    const place = figure.querySelector(".plot");
    plots.set(chart.title, new uPlot(options(chart, place.clientWidth), data, place));
  };
  const update = async () => {
    try {
      const answer = await fetch(section.dataset.charts);
      if (answer.ok) for (const chart of await answer.json()) draw(chart);
      section.classList.toggle("stale", !answer.ok);
    } catch {
      section.classList.add("stale");
    }
  };
  const tick = async () => {
    if (!document.hidden) await update();
    setTimeout(tick, 1000);
  };
  addEventListener("resize", () => {
    for (const plot of plots.values()) plot.setSize({ width: plot.root.parentNode.clientWidth, height: 150 });
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const plot of plots.values()) plot.redraw();
  });
  tick();
})();
