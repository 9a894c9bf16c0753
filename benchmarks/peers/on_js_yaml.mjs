// js-yaml, and rules written by hand in JavaScript, or JsonLogic by its reference implementation, over a folder:
// node on_js_yaml.mjs FOLDER [json-logic]
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";

const require = createRequire(join(process.env.PEERS_NODE || process.cwd(), "package.json"));
const { load } = require("js-yaml");
const DAY = 1440;
const TIME = /^(?:day (\d+)|(\d{4}-\d{2}-\d{2}))(?:T(\d{2}):(\d{2}))?$/;
const ONE_OF_A_KIND = { report: "reports", medical: "medicals" };

// As plain.py: one spelling, dates as minutes, yes and no as truths; what is absent stays absent.
const minutes = (value) => {
  if (value === "yes") return true;
  if (value === "no") return false;
  if (value instanceof Date) return value.getTime() / 60000;
  const found = typeof value === "string" && TIME.exec(value);
  if (!found) return value;
  const [, day, written, hour = 0, minute = 0] = found;
  return (written ? Date.parse(written) / 60000 : day * DAY) + hour * 60 + +minute;
};
const isMapping = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
const thing = (written) => {
  const facts = {};
  for (const [name, value] of Object.entries(written)) {
    if (!isMapping(value)) {
      if (value !== null) facts[name] = minutes(value);
      continue;
    }
    if ("known" in value) facts[`${name}_known`] = minutes(value.known);
    if (value.done !== "no") facts[name] = minutes(value.is ?? value.at ?? value.done ?? value);
  }
  return facts;
};
const plain = (text) => {
  const facts = {};
  for (const [name, value] of Object.entries(load(text))) {
    const listed = name in ONE_OF_A_KIND ? [value] : value;
    if (Array.isArray(listed))
      facts[ONE_OF_A_KIND[name] ?? name] = listed
        .filter((one) => one !== "others not recorded")
        .map((one) => (isMapping(one) ? thing(one) : minutes(one)));
    else if (value !== null) facts[name] = minutes(value);
  }
  return facts;
};

const within = (done, start, days) => done < start - (start % DAY) + (days + 1) * DAY;
const PURSUED_AS_OTHER = ["sexual abuse", "sexual exploitation", "physical abuse"];
const LIMITS = {
  high: (done, start) => done <= start + DAY,
  medium: (done, start) => within(done, start, 3),
  low: (done, start) => within(done, start, 7),
};
const RULES = {
  "missing-child-recorded-as-missing": (file) =>
    !file.concerns?.includes("missing") || (file.missing_episodes ?? []).every((one) => one.recorded_as_missing),
  "online-grade-fits-household": (file) =>
    !file.concerns?.includes("online abuse") ||
    (file.suspects ?? []).every((one) => !one.lives_with_children || ["very high", "high"].includes(one.online_risk)),
  "abuse-pursued-as-cause": (file) =>
    !file.concerns?.includes("child death") || (file.enquiries ?? []).some((one) => one.type === "abuse as a cause"),
  "decision-has-reason": (file) => (file.decisions ?? []).every((one) => one.made && one.rationale),
  "medical-considers-abuse": (file) => (file.medicals ?? []).every((one) => !one.held || one.abuse_considered),
  "arrest-within-limit": (file) =>
    (file.concerns?.includes("online abuse") && !file.concerns.some((one) => PURSUED_AS_OTHER.includes(one))) ||
    (file.suspects ?? []).every((one) => {
      const start = Math.max(file.reports?.[0].received, one.identified_on ?? 0);
      return LIMITS[one.risk]?.(Math.min(one.arrested ?? Infinity, one.voluntary_interview ?? Infinity), start);
    }),
  "sign-referred": (file) => (file.signs ?? []).every((one) => within(one.referred, one.noticed, 1)),
  "child-made-safe": (file) =>
    file.concerns?.includes("child death") ||
    (file.children ?? []).every((one) =>
      within(one.made_safe, Math.max(file.reports?.[0].received, one.significant_harm_suspected_known ?? 0), 1),
    ),
};

const byHand = (file) => {
  const answers = {};
  for (const [rule, holds] of Object.entries(RULES)) answers[rule] = Boolean(holds(file));
  return answers;
};
const byJsonLogic = () => {
  const { apply } = require("json-logic-js");
  const rules = JSON.parse(readFileSync(new URL("asked/json_logic.json", import.meta.url), "utf8"));
  return (file) => Object.fromEntries(Object.entries(rules).map(([rule, logic]) => [rule, Boolean(apply(logic, file))]));
};

const [folder, by] = process.argv.slice(2);
const answer = by === "json-logic" ? byJsonLogic() : byHand;
const paths = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".yaml")).sort();
const lines = paths.map((path) => {
  const name = relative(folder, join(folder, path)).split(sep).join("/");
  let read = null;
  try {
    read = plain(readFileSync(join(folder, path), "utf8"));
  } catch {
    // what YAML does not read is answered with nothing
  }
  return JSON.stringify([name, read ? answer(read) : {}]);
});
process.stdout.write(lines.join("\n") + "\n");
