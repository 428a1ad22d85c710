/** The switches of a running proxy: each fault, each way, while bytes pass. */
import { element } from "./words.js";

/** Long enough to be seen, short enough to wait for. They can be changed. */
const FAULTS = [
  "slice=1,gap=100",
  "delay=500,jitter=0",
  "rate=50",
  "glue=1000",
  "hold=2000",
  "corrupt=0",
  "cut=10",
  "half-close=10",
  "reset=10",
  "silence=10",
];

/** `apply({ up, down })` sends them, as `--up` and `--down` take them. */
export function faultSwitches(apply) {
  const error = element("p", { className: "error", role: "alert" });
  const rows = FAULTS.map((fault) => {
    const [name] = fault.split("=");
    const value = element("input", { type: "text", value: fault });
    value.ariaLabel = name;
    value.spellcheck = false;
    const ways = ["up", "down"].map((way) => {
      const box = element("input", { type: "checkbox", data: { way } });
      box.ariaLabel = `${name} --${way}`;
      return box;
    });
    return { value, ways };
  });
  const chosen = (way) =>
    rows.filter(({ ways }) => ways[way].checked)
      .map(({ value }) => value.value.trim()).join(",");
  const table = element(
    "table",
    {},
    element(
      "tr",
      {},
      ...["fault", "up", "down"].map((word) =>
        element("th", { scope: "col", word })
      ),
    ),
    ...rows.map(({ value, ways }) =>
      element(
        "tr",
        {},
        ...[value, ...ways].map((control) => element("td", {}, control)),
      )
    ),
  );
  table.addEventListener("change", async () => {
    error.textContent = "";
    try {
      await apply({ up: chosen(0), down: chosen(1) });
    } catch (refused) {
      error.textContent = refused.message;
    }
  });
  return element(
    "details",
    { className: "faults" },
    element("summary", { word: "faults" }),
    element("p", { className: "about", word: "faultsHint" }),
    table,
    error,
  );
}
