import { type ErrorCode, RuntimeError } from '../contract/errors.ts';

/** One thing wrong with what the user gave. */
export interface Mistake {
	/** `usage`: the command line can not be understood. `value`: it can, but a value is wrong. */
	readonly kind: 'usage' | 'value';
	/** Where it stands: `--memory`, `HTTPFN_MEMORY`, `httpfn.json: memory`. */
	readonly source: string;
	/** What was found, and what was wanted. */
	readonly problem: string;
	/** The place in numbers, for editors; only where the file is one whose lines are known. */
	readonly position?: Position;
}

export interface Position {
	readonly file: string;
	/** Both count from 1. */
	readonly line: number;
	readonly column: number;
}

/** Every mistake at once: ERR_USAGE where one of them is in the shape of the command line, else ERR_CONFIG_INVALID. */
export class ConfigError extends RuntimeError {
	readonly mistakes: readonly Mistake[];

	constructor(found: readonly Mistake[]) {
		const mistakes = ordered(found);
		const code: ErrorCode = mistakes.some(({ kind }) => kind === 'usage')
			? 'ERR_USAGE'
			: 'ERR_CONFIG_INVALID';
		const lines = mistakes.map(({ source, problem }) => `${source}: ${problem}`);
		super(code, lines.length === 1 ? lines.join('') : `${lines.length} mistakes\n  ${lines.join('\n  ')}`);
		this.mistakes = mistakes;
	}
}

export function usageMistake(source: string, problem: string): Mistake {
	return { kind: 'usage', source, problem };
}

export function valueMistake(source: string, problem: string, position?: Position): Mistake {
	return position === undefined
		? { kind: 'value', source, problem }
		: { kind: 'value', source, problem, position };
}

/** What several functions inherit is wrong once. Those of a file come in its order, after all others. */
function ordered(mistakes: readonly Mistake[]): Mistake[] {
	const distinct = new Map(mistakes.map((mistake) => [`${mistake.source}\0${mistake.problem}`, mistake]));
	const place = ({ position }: Mistake) => [position?.line ?? 0, position?.column ?? 0] as const;
	return [...distinct.values()].toSorted((a, b) => {
		const [lineA, columnA] = place(a);
		const [lineB, columnB] = place(b);
		return lineA - lineB || columnA - columnB;
	});
}
