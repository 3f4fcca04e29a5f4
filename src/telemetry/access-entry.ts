/** What is recorded of one request, however it ended. Times are milliseconds. */
export interface AccessEntry {
	/** When its head was read. */
	readonly time: Date;
	readonly requestId: string;
	/** Address of the client. */
	readonly client: string;
	readonly method: string;
	/** Path and query as sent; empty where the request could not be read. */
	readonly target: string;
	/** `HTTP/1.1`. */
	readonly protocol: string;
	readonly host: string;
	/** What the client was answered with; 0: it left before. */
	readonly status: number;
	/** Of the bodies. */
	readonly requestBytes: number;
	readonly responseBytes: number;
	/** Null: no function was found, or asked. */
	readonly functionName: string | null;
	/** The version that a trigger, an alias or its weights chose. */
	readonly version: string | null;
	/** Of the trigger; null: there is none. */
	readonly apiId: string | null;
	/** Who was let in; never a credential. */
	readonly app: string | null;
	readonly user: string | null;
	/** Waited for a place on an instance that runs. */
	readonly queueMs: number;
	/** Waited for an instance to start. */
	readonly coldStartMs: number;
	/** Until the answer began; null: it never did. */
	readonly firstByteMs: number | null;
	readonly totalMs: number;
	/** Our own code of an error; null: the function answered. */
	readonly error: string | null;
	readonly userAgent: string;
	readonly referer: string;
}

export type AccessFormat = 'json' | 'combined';

/** One line, with its end. Whatever a client sent, it is one line, and no other. */
export function accessLine(entry: AccessEntry, format: AccessFormat): string {
	return format === 'json' ? jsonLine(entry) : combinedLine(entry);
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
