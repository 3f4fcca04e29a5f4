import path from 'node:path';
import process from 'node:process';
import { errorText } from '../base/error-text.ts';
import type { BenchPlan } from '../bench/bench-plan.ts';
import type { BenchRecord, Comparison } from '../bench/bench-record.ts';
import type { ConcludeOptions } from '../bench/conclude.ts';
import type { Program } from '../bench/program.ts';
import type { BenchOutcome } from '../bench/run-bench.ts';
import { shareOf } from '../bench/share-text.ts';
import { ConfigError, type Mistake, valueMistake } from '../config/config-error.ts';
import { RuntimeError } from '../contract/errors.ts';
import type { Command, CommandOption, Invocation } from './command.ts';
import { HELP_OPTION, ownOption } from './command-options.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import { ownProgram } from './own-program.ts';
import { openProgress } from './progress.ts';
import { textTable } from './text-table.ts';

const PLAN = 'What is measured';
const COMPARE = 'Before and after';
const OUTPUT = 'Output';

const OPTIONS: readonly CommandOption[] = [
	ownOption('--rounds', 'N', PLAN, 'Rounds, each with fresh processes.', { fallbackText: '5' }),
	ownOption('--seconds', 'S', PLAN, 'Length of each load.', { fallbackText: '0.5' }),
	ownOption('--rate', 'N', PLAN, 'Requests a second where latency is measured; longer answers get less.', {
		fallbackText: '2000',
	}),
	ownOption(
		'--only',
		'ID',
		PLAN,
		'Only measures whose id begins so: cold, warm/plain, memory. Repeat it for more.',
		{
			repeatable: true,
		},
	),
	ownOption('--path', 'P', PLAN, 'What the function in DIR is asked for.', { fallbackText: '/' }),
	ownOption('--against', 'FILE', COMPARE, 'Another httpfn, measured in the same rounds and compared with.'),
	ownOption('--compare', 'FILE', COMPARE, 'A record that --save made: say what got worse since.'),
	ownOption('--max-regression', 'SHARE', COMPARE, 'By how much a measure may get worse.', {
		fallbackText: '5%',
	}),
	ownOption('--save', 'FILE', OUTPUT, 'Write the record, to compare with later.'),
	ownOption('--json', 'FILE', OUTPUT, 'Write the record and the comparisons: docs/bench-record.schema.json.'),
	ownOption('--report', 'FILE', OUTPUT, 'Write one HTML page with plots.'),
	HELP_OPTION,
];

export const benchCommand: Command = {
	name: 'bench',
	summary: 'Measure cold start, overhead and memory, and tell whether they got worse.',
	usage: '[DIR] [OPTIONS]',
	parameters: [
		{ name: 'DIR', required: false, sentence: "Folder of a function (default: the benchmark's own)." },
	],
	options: OPTIONS,
	notes: [
		'Every program is started afresh in each round, and asked over its sockets; its processor time and memory are read from the operating system. ' +
			'Beside each figure stands that of the reference: the function alone, without httpfn, in the same round. Needs Linux and a free 127.0.0.1:8000; all of it takes about 10 minutes.',
		'A measure has regressed where 99% of the likely changes are beyond --max-regression: the exit code is 1 then. Where the noise is larger than that, ' +
			'it says so. Figures are divided by those of the reference first, so that a machine that is slower today, or another one, changes nothing.',
	],
	examples: [
		['httpfn bench', 'everything, with the function of the benchmark'],
		['httpfn bench ./hello --path /health', 'what httpfn adds to this function'],
		['httpfn bench --save baseline.json', 'before a change'],
		['httpfn bench --compare baseline.json --max-regression 5% --report report.html', 'after it'],
		['httpfn bench --only warm/plain/1KB --against ./httpfn-old', 'two builds, in turn'],
	],
	exitCodes: [EXIT.ok, EXIT.failure, EXIT.usage, EXIT.interrupted],
	run: bench,
};

interface Wish {
	readonly plan: BenchPlan;
	readonly against: Program | null;
	readonly folder: string | null;
	readonly compareFile: string | null;
	readonly outputs: ConcludeOptions;
}

async function bench(invocation: Invocation): Promise<ExitCode> {
	const wish = readWish(invocation);
	// Loaded when it is used: no server needs any of it.
	const { conclude, hasRegressed, judgeOutputs, readBenchRecord } = await import('../bench/conclude.ts');
	const { compareFile, outputs } = wish;
	judged('--save, --json or --report', () => judgeOutputs(outputs));
	const baseline = compareFile === null ? null : judged('--compare', () => readBenchRecord(compareFile));
	const exitNow = () => process.exit(EXIT.interrupted);
	const outcome = await interruptible((signal) => measured(invocation, wish, signal), exitNow);
	if (outcome === null) return EXIT.interrupted;
	const before = baseline ?? outcome.before;
	const comparisons = conclude(outcome.now, before, outputs);
	invocation.stdout.writeText(await describe(outcome.now, comparisons, outputs.allowed));
	return hasRegressed(comparisons) ? EXIT.failure : EXIT.ok;
}

async function measured(invocation: Invocation, wish: Wish, signal: AbortSignal): Promise<BenchOutcome> {
	const { runBench } = await import('../bench/run-bench.ts');
	const { plan } = wish;
	const progress = openProgress(invocation);
	try {
		return await runBench({
			...{ plan, against: wish.against, folder: wish.folder, own: ownProgram(), signal },
			environment: withoutOwn(invocation.environment),
			command: `httpfn bench ${process.argv
				.slice(2)
				.filter((word) => word !== 'bench')
				.join(' ')}`.trim(),
			onRound: (number) => progress.step(`round ${number} of ${plan.rounds}`),
			onStep: (text) => progress.detail(text),
		});
	} catch (error) {
		if (error instanceof RuntimeError) throw error;
		const why = errorText(error);
		throw new RuntimeError('ERR_BENCH_FAILED', `the benchmark can not be trusted: ${why}`, { cause: error });
	} finally {
		progress.end();
	}
}

async function describe(
	record: BenchRecord,
	comparisons: readonly Comparison[],
	allowed: number,
): Promise<string> {
	const { comparisonTable, measureTable } = await import('../bench/record-text.ts');
	const { names, rows } = measureTable(record);
	const skipped = record.skipped.map(({ id, why }) => `not measured: ${id}: ${why}\n`).join('');
	const text = `${record.subject}\n\n${textTable(names, rows)}${skipped}`;
	if (comparisons.length === 0) return text;
	const compared = comparisonTable(comparisons);
	const { verdictSentence } = await import('../bench/report/verdict-sentence.ts');
	const table = textTable(compared.names, compared.rows);
	return `${text}\n${table}\n${verdictSentence(comparisons, allowed)}\n`;
}

/** The settings of whoever measures are not those of what is measured. */
function withoutOwn(environment: Readonly<Record<string, string>>): Record<string, string> {
	return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('HTTPFN_')));
}

function judged<T>(source: string, judge: () => T): T {
	try {
		return judge();
	} catch (error) {
		throw new ConfigError([valueMistake(source, errorText(error))]);
	}
}

function readWish({ arguments: given, workingFolder }: Invocation): Wish {
	const mistakes: Mistake[] = [...given.mistakes];
	const text = (flag: string): string | null => given.options.get(flag)?.at(-1) ?? null;
	const file = (flag: string): string | null => {
		const found = text(flag);
		return found === null ? null : path.resolve(workingFolder, found);
	};
	const number = (flag: string, fallback: number, most: number, whole: boolean): number => {
		const found = text(flag);
		if (found === null) return fallback;
		const value = Number(found);
		const right =
			/^\d+(\.\d+)?$/.test(found) && value > 0 && value <= most && (!whole || Number.isInteger(value));
		const wanted = `wanted a ${whole ? 'whole ' : ''}number above 0, at most ${most}`;
		if (!right) mistakes.push(valueMistake(flag, `found ${JSON.stringify(found)}, ${wanted}`));
		return value;
	};
	const share = text('--max-regression') ?? '5%';
	const allowed = shareOf(share);
	if (allowed === null)
		mistakes.push(
			valueMistake('--max-regression', `found ${JSON.stringify(share)}, wanted a share such as 5%`),
		);
	const asked = text('--path') ?? '/';
	if (!/^\/[!-~]*$/.test(asked))
		mistakes.push(
			valueMistake('--path', `found ${JSON.stringify(asked)}, wanted a path that begins with "/"`),
		);
	const [folder] = given.parameters;
	const against = file('--against');
	const wish: Wish = {
		plan: {
			rounds: number('--rounds', 5, 1000, true),
			seconds: number('--seconds', 0.5, 600, false),
			rate: number('--rate', 2000, 100_000, false),
			only: given.options.get('--only') ?? [],
			path: asked,
		},
		against: against === null ? null : { role: 'before', command: against, prefix: [] },
		folder: folder === undefined ? null : path.resolve(workingFolder, folder),
		compareFile: file('--compare'),
		outputs: {
			saveFile: file('--save'),
			jsonFile: file('--json'),
			reportFile: file('--report'),
			allowed: allowed ?? 0,
		},
	};
	if (wish.against !== null && wish.compareFile !== null)
		mistakes.push(valueMistake('--against', 'given beside --compare, wanted one or the other'));
	if (mistakes.length > 0) throw new ConfigError(mistakes);
	return wish;
}
