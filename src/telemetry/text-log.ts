/** Log lines for a person: `22:19:01.123 warn  message  name=value`, and `22:19:01.123 out   line`. */
import type { LogFields, LogLevel } from './log.ts';
import type { LogFormat } from './sink-log.ts';

type Paint = (code: number, text: string) => string;

const COLOURS: Readonly<Record<LogLevel | 'stdout' | 'stderr', number>> = {
	debug: 90,
	info: 36,
	warn: 33,
	error: 31,
	stdout: 90,
	stderr: 35,
};
const GREY = 90;
const LABEL_CHARS = 5;

/** What each line begins with: when, and what it is. `colour` is one of ECMA-48's, for the label. */
export function labelled(time: Date, label: string, colour: number, coloured: boolean): string {
	const paint = painter(coloured);
	return `${paint(GREY, time.toISOString().slice(11, 23))} ${paint(colour, label.padEnd(LABEL_CHARS))} `;
}

function painter(coloured: boolean): Paint {
	return coloured ? (code, text) => `\u001b[${code}m${text}\u001b[0m` : (_code, text) => text;
}

/** Times are UTC, as in the JSON log, so that the two can be laid side by side. Output is shown with the function's name, if there is one. */
export function textLog(coloured: boolean, functionName = ''): LogFormat {
	const paint = painter(coloured);
	const head = (time: Date, label: string, colour: number): string => labelled(time, label, colour, coloured);
	return {
		record(time: Date, level: LogLevel, message: string, fields: LogFields): string {
			const [first = '', ...rest] = message.split('\n');
			const more = rest.map((line) => `\n    ${line}`).join('');
			return `${head(time, level, COLOURS[level])}${first}${fieldText(fields, paint)}${more}\n`;
		},
		output(time: Date, stream: 'stdout' | 'stderr', line: string, requestId: string | null): string {
			const request = requestId === null ? '' : paint(GREY, `[${requestId.slice(0, 8)}] `);
			const name = functionName === '' ? '' : paint(GREY, `${functionName}: `);
			return `${head(time, stream === 'stdout' ? 'out' : 'err', COLOURS[stream])}${name}${request}${line}\n`;
		},
	};
}

function fieldText(fields: LogFields, paint: Paint): string {
	let inline = '';
	let below = '';
	for (const [name, value] of Object.entries(fields)) {
		if (value === undefined) continue;
		if (Array.isArray(value)) {
			below += value.map((line) => `\n    ${paint(GREY, `${name}:`)} ${line}`).join('');
		} else {
			inline += `  ${paint(GREY, `${name}=`)}${quoted(String(value))}`;
		}
	}
	return inline + below;
}

function quoted(value: string): string {
	return /[\s"=]|^$/.test(value) ? JSON.stringify(value) : value;
}
