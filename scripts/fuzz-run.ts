/** Case after case through both parsers, counted by verdict, until a finding or the deadline. */
import type { Side } from './fuzz-codec.ts';
import { readWithCodec } from './fuzz-codec.ts';
import { compareReadings, type Verdict } from './fuzz-compare.ts';
import { fuzzInput } from './fuzz-input.ts';
import { minimized } from './fuzz-minimize.ts';
import { readWithNode } from './fuzz-node.ts';
import { FuzzRandom } from './fuzz-random.ts';

export interface FuzzFinding {
	/** Repeats the case: `--seed` with it. */
	readonly seed: number;
	readonly side: Side;
	/** Latin-1 text. */
	readonly input: string;
	readonly reason: string;
}

export interface FuzzReport {
	readonly firstSeed: number;
	readonly cases: number;
	readonly agreed: number;
	/** What ours refuses and Node's takes: how often, by reason. */
	readonly stricter: Readonly<Record<string, number>>;
	/** What ours takes and Node's refuses for an argued reason. */
	readonly known: Readonly<Record<string, number>>;
	readonly findings: readonly FuzzFinding[];
}

export interface FuzzOptions {
	readonly firstSeed: number;
	readonly untilMs: number;
	readonly casesMax: number;
	readonly onProgress: (report: FuzzReport) => void;
}

/** Each finding is minimized; it stops at the first few, because one defect shows many times. */
const FINDINGS_MAX = 3;
const CASES_PER_PROGRESS = 1000;

export async function runFuzz({
	firstSeed,
	untilMs,
	casesMax,
	onProgress,
}: FuzzOptions): Promise<FuzzReport> {
	const report = {
		firstSeed,
		cases: 0,
		agreed: 0,
		stricter: {} as Record<string, number>,
		known: {} as Record<string, number>,
		findings: [] as FuzzFinding[],
	};
	for (let seed = firstSeed; report.cases < casesMax && performance.now() < untilMs; seed++) {
		for (const side of ['request', 'response'] as const) {
			const input = fuzzInput(side, new FuzzRandom(seed));
			const verdict = await judge(side, input, new FuzzRandom(seed));
			report.cases++;
			if (verdict.kind === 'agree') report.agreed++;
			else if (verdict.kind === 'finding') report.findings.push(await asFinding(seed, side, input));
			else report[verdict.kind][verdict.reason] = (report[verdict.kind][verdict.reason] ?? 0) + 1;
		}
		if (report.findings.length >= FINDINGS_MAX) break;
		if (report.cases % CASES_PER_PROGRESS === 0) onProgress(report);
	}
	return report;
}

async function asFinding(seed: number, side: Side, input: Buffer): Promise<FuzzFinding> {
	const smallest = await minimized(
		input,
		async (part) => (await judge(side, part, new FuzzRandom(seed))).kind === 'finding',
	);
	const verdict = await judge(side, smallest, new FuzzRandom(seed));
	const reason = 'reason' in verdict ? verdict.reason : verdict.kind;
	return { seed, side, input: smallest.toString('latin1'), reason };
}

/** Ours reads the input whole and in pieces, Node's reads it whole. */
async function judge(side: Side, input: Buffer, random: FuzzRandom): Promise<Verdict> {
	try {
		const ours = readWithCodec(side, [input]);
		const inPieces = readWithCodec(side, pieces(input, random));
		const same = JSON.stringify(ours.messages) === JSON.stringify(inPieces.messages);
		if (!same || (ours.fault === null) !== (inPieces.fault === null)) {
			const reason = `ours reads it otherwise in pieces\n  whole  ${JSON.stringify(ours)}\n  pieces ${JSON.stringify(inPieces)}`;
			return { kind: 'finding', reason };
		}
		return compareReadings(side, input.toString('latin1'), ours, await readWithNode(side, input));
	} catch (error) {
		return { kind: 'finding', reason: `ours threw ${error instanceof Error ? error.stack : error}` };
	}
}

function pieces(input: Buffer, random: FuzzRandom): readonly Buffer[] {
	const cut: Buffer[] = [];
	const longest = random.pick([1, 3, 40]);
	for (let at = 0; at < input.length; ) {
		const end = at + 1 + random.below(longest);
		cut.push(input.subarray(at, end));
		at = end;
	}
	return cut;
}
