// The page's behaviour, one module a concern. Each works on what is there and listens for what htmx brings.
import "./menus.js";
import "./dialogs.js";
import "./toasts.js";
import "./keyboard.js";
import "./clocks.js";
import "./copy.js";
import "./preferences.js";
import "./session.js";
import "./ticks.js";
import "./tabs.js";
import "./letters.js";
import { startLive } from "./live.js";
import { startLooking } from "./looking.js";
import { startCharts } from "./charts.js";

startCharts();
startLive();
startLooking();
