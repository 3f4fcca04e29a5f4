/** A record of the access log as a line, in each of its forms. */
import type { AccessEntry, AccessFormat } from './access-entry.ts';
import { labelled } from './text-log.ts';

/** One line, with its end. Whatever a client sent, it is one line, and no other. `coloured` is for a terminal. */
export function accessLine(entry: AccessEntry, format: AccessFormat, coloured = false): string {
	switch (format) {
		case 'json':
			return jsonLine(entry);
		case 'combined':
			return combinedLine(entry);
		case 'text':
			return textLine(entry, coloured);
		default:
			return format satisfies never;
	}
}

/** `22:19:01.123 200   GET /user/get?id=7  41 B  3.2 ms  cold start 48 ms`, in the columns of the log for a person. */
function textLine(entry: AccessEntry, coloured: boolean): string {
	const { time, method, target, status, responseBytes, totalMs, queueMs, coldStartMs, error } = entry;
	const parts = [
		`${quoted(method)} ${quoted(target)}`,
		sizeText(responseBytes),
		milliseconds(totalMs),
		coldStartMs > 0 ? `cold start ${milliseconds(coldStartMs)}` : '',
		queueMs >= SHOWN_MS_MIN ? `waited ${milliseconds(queueMs)}` : '',
		error ?? '',
	];
	const label = status === 0 ? 'left' : String(status);
	const text = parts.filter((part) => part !== '').join('  ');
	return `${labelled(time, label, statusColour(status), coloured)}${text}\n`;
}

/** A wait below this is nobody's concern. */
const SHOWN_MS_MIN = 1;
const COLOURS = { green: 32, cyan: 36, yellow: 33, red: 31 };

function statusColour(status: number): number {
	if (status >= 500) return COLOURS.red;
	if (status >= 400 || status === 0) return COLOURS.yellow;
	return status >= 300 ? COLOURS.cyan : COLOURS.green;
}

function milliseconds(ms: number): string {
	return ms < 100 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;
}

function sizeText(bytes: number): string {
	if (bytes < 10_000) return `${bytes} B`;
	return bytes < 10_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function jsonLine(entry: AccessEntry): string {
	const { time, queueMs, coldStartMs, firstByteMs, totalMs, ...rest } = entry;
	const phases = {
		queueMs: rounded(queueMs),
		coldStartMs: rounded(coldStartMs),
		firstByteMs: firstByteMs === null ? null : rounded(firstByteMs),
		totalMs: rounded(totalMs),
	};
	// JSON lets control characters beyond ASCII pass, which some terminals obey.
	const line = JSON.stringify({ time: time.toISOString(), ...rest, ...phases });
	return `${line.replaceAll(/[\x7f-\x9f]/g, unicodeEscaped)}\n`;
}

/** Apache's combined format, then request id, function and version, and the phases in milliseconds. */
function combinedLine(entry: AccessEntry): string {
	const { client, time, method, target, protocol, status, responseBytes, referer, userAgent } = entry;
	const who = plain(entry.user ?? entry.app ?? '-');
	const what = `${entry.functionName ?? '-'}@${entry.version ?? '-'}`;
	const phases = [entry.queueMs, entry.coldStartMs, entry.firstByteMs, entry.totalMs].map((ms) =>
		ms === null ? '-' : String(rounded(ms)),
	);
	return (
		`${plain(client)} - ${who} [${commonTime(time)}] "${quoted(`${method} ${target} ${protocol}`)}" ${status} ${responseBytes} ` +
		`"${quoted(referer)}" "${quoted(userAgent)}" ${entry.requestId} ${plain(what)} ${phases.join(' ')}\n`
	);
}

function rounded(ms: number): number {
	return Math.round(ms * 1000) / 1000;
}

/** As nginx writes what could end a field or a line: `\xHH` for each byte of UTF-8. */
function quoted(text: string): string {
	return text === '' ? '-' : text.replaceAll(/[^\x20-\x7e]|["\\]/gu, escaped);
}

/** A field without quotes around it. */
function plain(text: string): string {
	return text === '' ? '-' : text.replaceAll(/[^\x21-\x7e]|["\\]/gu, escaped);
}

function escaped(sign: string): string {
	const hex = Buffer.from(sign, 'utf8').toString('hex').toUpperCase();
	return hex.replaceAll(/../g, '\\x$&');
}

function unicodeEscaped(sign: string): string {
	return `\\u00${sign.charCodeAt(0).toString(16)}`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `02/Jan/2026:03:04:05 +0000`. */
function commonTime(time: Date): string {
	const [date = '', clock = ''] = time.toISOString().split('T');
	const [year, month, day] = date.split('-');
	return `${day}/${MONTHS[Number(month) - 1]}/${year}:${clock.slice(0, 8)} +0000`;
}
