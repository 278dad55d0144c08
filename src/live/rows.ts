import {
  type DataFrame,
  type DataFrameJSON,
  type Field,
  type FieldConfig,
  type QueryResultMetaNotice,
  dataFrameFromJSON,
} from '@grafana/data';

/** How many rows are kept, which, and in which order. */
export interface Keeping {
  limit: number;
  /** The column that rows are sorted by. */
  by: string;
  desc: boolean;
  /** How long ago a stop may be, in milliseconds; none keeps them all. */
  span?: number;
}

interface Row {
  id: string;
  time: number;
  /** By column; what a column's times have beyond milliseconds stands in nanos. */
  values: Record<string, unknown>;
  nanos: Record<string, number | undefined>;
}

type Column = Pick<Field, 'name' | 'type' | 'config' | 'labels'>;

/** The columns that a stop's own time is in, by view. */
const TIMES = ['time', 'timestamp'];

/** The rows of an answer and of what came after it, each once: a stop is its server's id and its connection's. */
export class Rows {
  private readonly rows = new Map<string, Row>();
  private columns: Column[] = [];
  /** Whether rows gave way to newer ones. */
  private isCut = false;

  /** What the stream tells beside its rows. */
  notices: QueryResultMetaNotice[] = [];

  private schema?: DataFrameJSON['schema'];

  constructor(
    private readonly answer: DataFrame,
    private readonly keeping: Keeping
  ) {
    this.take(answer);
  }

  /** Adds a message of the stream; whether anything is different now. */
  receive({ schema, data }: DataFrameJSON): boolean {
    this.schema = schema ?? this.schema;
    if (!this.schema || !data) {
      return false;
    }
    if (schema) {
      this.notices = schema.meta?.notices ?? [];
    }
    const added = this.take(dataFrameFromJSON({ schema: this.schema, data }));
    return added || Boolean(schema);
  }

  /** Adds the rows of a frame; whether any of them is new. */
  take(frame: DataFrame): boolean {
    this.columns = frame.fields.map((field) => mergeColumn(field, this.columns));
    const before = this.rows.size;
    for (let index = 0; index < frame.length; index++) {
      const row = rowAt(frame, index);
      if (!this.rows.has(row.id)) {
        this.rows.set(row.id, row);
      }
    }
    return this.rows.size > before;
  }

  get cut(): boolean {
    return this.isCut;
  }

  /** All that is kept, as the answer would have it. */
  frame(now: number): DataFrame {
    const rows = this.kept(now);
    const fields = this.columns.map((column) => {
      const nanos = rows.map(({ nanos }) => nanos[column.name] ?? 0);
      const values = rows.map(({ values }) => values[column.name]);
      return { ...column, values, ...(nanos.some(Boolean) ? { nanos } : {}) };
    });
    return { ...this.answer, fields, length: rows.length };
  }

  private kept(now: number): Row[] {
    const { limit, span, by, desc } = this.keeping;
    const recent = [...this.rows.values()].filter(({ time }) => span === undefined || time >= now - span);
    const sign = desc ? -1 : 1;
    const sorted = recent.sort((a, b) => sign * compare(a, b, by) || -compare(a, b, TIMES[0]) || compareTimes(b, a));
    const rows = sorted.slice(0, limit);
    this.isCut ||= sorted.length > limit;
    if (rows.length < this.rows.size) {
      this.rows.clear();
      rows.forEach((row) => this.rows.set(row.id, row));
    }
    return rows;
  }
}

function compareTimes(a: Row, b: Row): number {
  return a.time - b.time;
}

function compare(a: Row, b: Row, by: string): number {
  return Number(a.values[by] ?? 0) - Number(b.values[by] ?? 0) || (a.nanos[by] ?? 0) - (b.nanos[by] ?? 0);
}

function rowAt({ fields }: DataFrame, index: number): Row {
  const values = Object.fromEntries(fields.map(({ name, values }) => [name, values[index]]));
  const nanos = Object.fromEntries(fields.flatMap(({ name, nanos }) => (nanos ? [[name, nanos[index]]] : [])));
  const time = Number(TIMES.map((name) => values[name]).find((value) => value !== undefined));
  return { id: String(values.id ?? `${values.server_id}/${values.cid}`), time, values, nanos };
}

/** A column goes on with the colours that its earlier values had. */
function mergeColumn({ name, type, config, labels }: Field, before: Column[]): Column {
  const known = before.find((column) => column.name === name);
  return { name, type, labels, config: { ...config, ...mappings(known?.config, config) } };
}

function mappings(before: FieldConfig = {}, now: FieldConfig = {}): Pick<FieldConfig, 'mappings'> {
  const [first] = before.mappings ?? [];
  const [second] = now.mappings ?? [];
  if (!first || !second) {
    return first || second ? { mappings: [first ?? second] } : {};
  }
  return { mappings: [{ ...second, options: { ...first.options, ...second.options } } as typeof second] };
}
