// The two lines of the thresholds page can be dragged: the number of the line's input follows, and its change asks
// the server what the new line does. Without this module the inputs do the same.
const LIBRARY = "../vendor/echarts-5.6.0/echarts.esm.min.mjs";
const TRIES = 60;
const LINES = [
  { input: "id_fit_bar", axis: "yAxis", mark: 0, drag: "vertical", at: ([, y]) => y },
  { input: "id_engagement_bar", axis: "xAxis", mark: 1, drag: "horizontal", at: ([x]) => x },
];

const round = (value) => Math.max(1, Math.round(value));

function shapeOf(chart, line, value) {
  const area = chart.getModel().getComponent("grid").coordinateSystem.getRect();
  const at = chart.convertToPixel({ [`${line.axis}Index`]: 0 }, value);
  return line.axis === "yAxis"
    ? { x: area.x, y: at - 7, shape: { x: 0, y: 0, width: area.width, height: 14 } }
    : { x: at - 7, y: area.y, shape: { x: 0, y: 0, width: 14, height: area.height } };
}

function handleFor(chart, line, data) {
  const input = document.getElementById(line.input);
  return {
    id: line.input,
    type: "rect",
    draggable: line.drag,
    cursor: line.axis === "yAxis" ? "ns-resize" : "ew-resize",
    style: { fill: "transparent" },
    z: 100,
    ...shapeOf(chart, line, Number(input.value)),
    ondrag() {
      if (chart.isDisposed()) return;
      const middle = line.axis === "yAxis" ? this.y + 7 : this.x + 7;
      const value = round(chart.convertFromPixel({ [`${line.axis}Index`]: 0 }, middle));
      input.value = value;
      data[line.mark] = { ...data[line.mark], [line.axis]: value };
      chart.setOption({ series: [{ markLine: { data } }] });
    },
    ondragend() {
      input.dispatchEvent(new Event("change", { bubbles: true }));
    },
  };
}

async function attach(tries = TRIES) {
  const figure = document.querySelector('[data-chart="score-grid"]');
  if (!figure || !document.getElementById(LINES[0].input)) return;
  const chart = (await import(LIBRARY)).getInstanceByDom(figure);
  if (!chart?.getOption()?.series?.length) {
    if (tries) requestAnimationFrame(() => attach(tries - 1));
    return;
  }
  const data = chart.getOption().series[0].markLine.data;
  // A fragment may have replaced the figure, and its chart with it, between the frame that was asked for and this one.
  const isGone = () => chart.isDisposed() || !figure.isConnected;
  const place = () => isGone() || chart.setOption({ graphic: LINES.map((line) => handleFor(chart, line, data)) });
  place();
  chart.getZr().on("resize", place);
  new ResizeObserver(() => isGone() || requestAnimationFrame(place)).observe(figure);
}

attach();
document.addEventListener("htmx:afterSettle", () => setTimeout(attach, 50));
document.addEventListener("leadhub:theme", () => setTimeout(attach, 50));
