/** What a longer command is at: one line that changes on a terminal, a line a step elsewhere. On stderr; results have stdout. */
import type { Invocation } from './command.ts';
import { printable } from './printable.ts';

const CLEAR_LINE = '\r\u001b[K';
/** Of a narrow terminal: a line that wraps can not be taken back. */
const LINE_CHARS_MAX = 79;

export interface Progress {
	/** A new step. */
	step(text: string): void;
	/** How far the step is: only shown where it can be shown in place. */
	detail(text: string): void;
	/** Leaves the terminal's line empty, for what comes next. Twice is harmless. */
	end(): void;
}

export function openProgress({ terminal, stderr }: Pick<Invocation, 'terminal' | 'stderr'>): Progress {
	if (!terminal) {
		return { step: (text) => void stderr.writeText(`${printable(text)}\n`), detail: () => {}, end: () => {} };
	}
	let step = '';
	let shown = false;
	const show = (text: string): void => {
		shown = true;
		stderr.writeText(`${CLEAR_LINE}${printable(text).slice(0, LINE_CHARS_MAX)}`);
	};
	return {
		step: (text) => {
			step = text;
			show(text);
		},
		detail: (text) => show(`${step}: ${text}`),
		end: () => {
			if (shown) stderr.writeText(CLEAR_LINE);
			shown = false;
		},
	};
}
