/** Pieces of the Go templates that Grafana fills in for each alert. What a label says came from a stranger. */

/** Something in an address: encoded, and a blank is no plus, which not everybody takes for one. */
const inAddress = (what: string) => `{{ reReplaceAll "[+]" "%20" (urlquery ${what}) }}`;

/** Only where there is such a label. */
const where = (label: string, text: string) => `{{ if $labels.${label} }}${text}{{ end }}`;

/** A filter of a dashboard, which Grafana parts by bars and commas. */
export const labelFilter = (label: string) =>
  where(
    label,
    `&var-filters=${encodeURIComponent(`${label}|=|`)}${inAddress(`(reReplaceAll "," "__gfc__" (reReplaceAll "[|]" "__gfp__" $labels.${label}))`)}`
  );

/** A parameter of an address that says what a label says. */
export const labelParameter = (label: string, name: string) => where(label, `&${name}${inAddress(`$labels.${label}`)}`);

/** The end of an address that leads to the heading of what a label says. */
export const labelAsHeading = (label: string) =>
  where(label, `#{{ reReplaceAll "[ _]" "-" (reReplaceAll "[^a-z0-9 _-]" "" (toLower $labels.${label})) }}`);

/** A time of another query, in milliseconds since 1970; something else where nothing was: “not a number”, of which “gt” holds. */
const moment = (refId: string, otherwise: string) =>
  `{{ with $values.${refId} }}{{ if lt 0.0 .Value }}{{ printf "%.0f" .Value }}{{ else }}${otherwise}{{ end }}{{ else }}${otherwise}{{ end }}`;

export const FROM = moment('from', 'now-1h');
export const TO = moment('to', 'now');

/** When it was last, within a sentence. */
export const LAST_AT =
  '{{ with $values.at }}{{ if lt 0.0 .Value }}, last at {{ (toTime .Value).Format "15:04:05 UTC" }}{{ end }}{{ end }}';

/** Three texts for three states: firing, over, and without an answer, when there are no numbers. A zero may have no labels. */
export const states = (firing: string, over: string, unknown: string) =>
  `{{ with $values.threshold }}{{ if lt 0.0 .Value }}${firing}{{ else }}${over}{{ end }}{{ else }}${unknown}{{ end }}`;

/** What stands for labels and times in JSON until its address is made. */
const STAND_IN = /%22zz(\w+)zz%22/g;
export const labelInJson = (label: string) => `zz${label}zz`;
export const TIMES = { from: 'FROM', to: 'TO' };

/** JSON in an address, where labels are JSON texts. */
export const jsonInAddress = (value: object) =>
  encodeURIComponent(JSON.stringify(value))
    .replace(STAND_IN, (_, label: string) => inAddress(`(printf "%q" $labels.${label})`))
    .replace(TIMES.from, () => FROM)
    .replace(TIMES.to, () => TO);

/** A list in JSON of those whose label there is; the first has one if any has. */
export const listInJson = (items: Array<{ label: string; value: object }>) => {
  const said = items.map(({ label, value }, i) => where(label, `${i > 0 ? '%2C' : ''}${jsonInAddress(value)}`));
  return `%5B${said.join('')}%5D`;
};
