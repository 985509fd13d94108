// Pictures: [data-chart="id"] draws the ECharts option in <script type="application/json" id="id">.
// Beside ECharts' own keys an option may carry "leadhub": {"format": "money|percent|number", "currency": "USD",
// "hues": ["green", …]}, the series' colours by name;
// a data item with "url" is a link to the leads behind it.
const LIBRARY = "../vendor/echarts-5.6.0/echarts.esm.min.mjs";
const HUES = ["blue", "teal", "amber", "violet", "pink", "green", "orange", "indigo", "cyan", "red"];
let library;

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--lh-${name}`).trim();

// The colours stand in the theme: ECharts would fill up a shorter list in the option from the theme's.
function readTheme({ hues = HUES } = {}) {
  const axis = {
    axisLine: { lineStyle: { color: token("line-strong") } },
    axisTick: { show: false },
    axisLabel: { color: token("soft") },
    splitLine: { lineStyle: { color: token("line") } },
  };
  return {
    color: hues.map(token),
    backgroundColor: "transparent",
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: token("ink") },
    legend: {
      textStyle: { color: token("soft") },
      pageTextStyle: { color: token("soft") },
      pageIconColor: token("soft"),
      pageIconInactiveColor: token("line-strong"),
    },
    tooltip: {
      backgroundColor: token("raised"),
      borderColor: token("line"),
      textStyle: { color: token("ink") },
    },
    categoryAxis: axis,
    valueAxis: { ...axis, axisLine: { show: false } },
    timeAxis: axis,
    bar: { barMaxWidth: 48 }, // three bars are no wall
    sankey: { label: { color: token("ink") } },
    markLine: { label: { color: token("ink") } },
  };
}

function makeFormatter({ format, currency } = {}) {
  if (format === "money") {
    const money = new Intl.NumberFormat("en-US", { style: "currency", currency, notation: "compact", maximumFractionDigits: 1 });
    return (value) => money.format(value).replace(/K$/, "k"); // as the tiles write it; SEK stays SEK
  }
  if (format === "percent") return (value) => `${Math.round(value * 1000) / 10}%`;
  return (value) => new Intl.NumberFormat("en-US").format(value);
}

const PAPER = matchMedia("print"); // which waits for no animation
const NARROW = 480; // px: a phone's legend is set small, so that it need not be leafed through
const SMALL_LEGEND = { itemWidth: 12, itemHeight: 9, itemGap: 8, padding: [5, 0], textStyle: { fontSize: 11 } };

function complete(option, width) {
  const { leadhub, ...own } = option;
  const formatter = makeFormatter(leadhub);
  const few = width < NARROW ? { splitNumber: 3 } : {};
  const label = (axis) =>
    axis?.type === "value" ? { ...few, ...axis, axisLabel: { formatter, hideOverlap: true, ...axis.axisLabel } } : axis;
  const withLabels = (axes) => (Array.isArray(axes) ? axes.map(label) : label(axes));
  return {
    aria: { enabled: false },
    animation: !PAPER.matches,
    animationDuration: 300,
    ...own,
    legend: own.legend && width < NARROW ? { ...own.legend, ...SMALL_LEGEND } : own.legend,
    xAxis: withLabels(own.xAxis),
    yAxis: withLabels(own.yAxis),
    // HTML tooltips carry style attributes, which the content security policy refuses.
    tooltip: { valueFormatter: formatter, ...own.tooltip, renderMode: "richText", confine: true },
  };
}

function draw(echarts, figure) {
  const source = document.getElementById(figure.dataset.chart);
  if (!source) return;
  echarts.getInstanceByDom(figure)?.dispose();
  const option = JSON.parse(source.textContent);
  const chart = echarts.init(figure, readTheme(option.leadhub), { renderer: "canvas" });
  chart.setOption(complete(option, figure.clientWidth));
  if (PAPER.matches) chart.getZr().flush();
  chart.on("click", ({ data }) => data?.url && location.assign(data.url));
  if (figure.dataset.watched) return;
  figure.dataset.watched = "yes";
  new ResizeObserver(() => figure.isConnected && echarts.getInstanceByDom(figure)?.resize()).observe(figure);
}

async function drawAll(root = document) {
  const figures = root.querySelectorAll("[data-chart]");
  if (!figures.length) return;
  library ??= import(LIBRARY);
  const echarts = await library;
  for (const figure of figures) draw(echarts, figure);
  document.documentElement.dataset.charts = "drawn";
}

export function startCharts() {
  drawAll();
  document.addEventListener("leadhub:theme", () => drawAll());
  document.addEventListener("htmx:afterSettle", (event) => drawAll(event.target));
}
