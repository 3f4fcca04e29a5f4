/** Code of the product alone, in one process, on the engine that runs it. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';

export type Unit = 'head' | 'call' | 'byte';

export interface InProcessCase {
	readonly name: string;
	/** Heads or calls in one run, or bytes of body. */
	readonly amount: number;
	readonly unit: Unit;
	/** The case whose time this one is compared with; null for none. */
	readonly beside: string | null;
	run(): number;
}

interface Row {
	readonly name: string;
	readonly medianMs: number;
	/** Nanoseconds a head or call, or megabytes (1,000,000 bytes) a second. */
	readonly figure: number;
	readonly unit: string;
	/** Time over that of the case it stands beside; null for none. */
	readonly ratio: number | null;
}

export interface InProcessSuite {
	readonly help: string;
	/** What a case is compared with, as a column is called. */
	readonly compared: string;
	cases(): readonly InProcessCase[];
}

/** The exit code. Throws a TypeError for what no option is. */
export async function benchInProcess(
	{ help, compared, cases }: InProcessSuite,
	args: readonly string[],
	print: (line: string) => void,
): Promise<number> {
	const { values } = parseArgs({
		args: [...args],
		strict: true,
		options: {
			milliseconds: { type: 'string', default: '1000' },
			json: { type: 'string' },
			help: { type: 'boolean', default: false },
		},
	});
	if (values.help) {
		print(help);
		return 0;
	}
	if (!/^[1-9]\d{0,5}$/.test(values.milliseconds)) {
		throw new TypeError(`--milliseconds is ${JSON.stringify(values.milliseconds)}, wanted a whole number`);
	}
	const rows = await measure(cases(), Number(values.milliseconds));
	if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, '\t')}\n`);
	print(table(rows, compared));
	return 0;
}

async function measure(cases: readonly InProcessCase[], timeMs: number): Promise<Row[]> {
	const bench = new Bench({ time: timeMs, warmupTime: timeMs / 4, throws: true });
	for (const { name, run } of cases) bench.add(name, run);
	await bench.run();
	const medians = new Map(
		bench.tasks.map((task) => {
			if (task.result.state !== 'completed') throw new Error(`${task.name} is ${task.result.state}`);
			return [task.name, task.result.latency.p50] as const;
		}),
	);
	return cases.map(({ name, amount, unit, beside }) => {
		const medianMs = medians.get(name) ?? Number.NaN;
		const other = beside === null ? undefined : medians.get(beside);
		return {
			name,
			medianMs,
			figure: unit === 'byte' ? amount / 1e6 / (medianMs / 1000) : (medianMs / amount) * 1e6,
			unit: unit === 'byte' ? 'MB / s' : `ns / ${unit}`,
			ratio: other === undefined ? null : medianMs / other,
		};
	});
}

function table(rows: readonly Row[], compared: string): string {
	const lines = rows.map(({ name, figure, unit, ratio }) => {
		const beside = ratio === null ? '' : ratio.toFixed(2);
		return `| ${name} | ${Math.round(figure).toLocaleString('en-US')} ${unit} | ${beside} |`;
	});
	return [`| work | median | ${compared} |`, '| --- | --- | --- |', ...lines].join('\n');
}
