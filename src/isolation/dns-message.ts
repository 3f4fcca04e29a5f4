/**
 * Messages of the domain name system (RFC 1035 section 4), as far as a relay has to understand them. Whoever wrote them is not
 * trusted: nothing here throws for what it reads, and names are stepped over without following their pointers, so that none
 * can lead in a circle.
 */

/** RFC 1035 section 4.2.2; UDP carries fewer. */
export const DNS_MESSAGE_BYTES_MAX = 0xffff;

export interface DnsQuestion {
	readonly id: number;
	/** Lower case, without the final dot; what is no letter, digit, `-` or `_` is written `\ddd` (RFC 1035 section 5.1). */
	readonly name: string;
	readonly type: number;
	readonly class: number;
	/** Behind the question. */
	readonly end: number;
}

export interface DnsAnswer {
	/** RCODE, its four bits in the header. */
	readonly code: number;
	/** Of the answer section, whatever name they belong to: aliases lead there from the name that was asked for. */
	readonly addresses: readonly string[];
	/** The shortest of the answer section; infinite where that is empty. */
	readonly ttlSeconds: number;
}

export const DNS_TYPE = { a: 1, aaaa: 28 } as const;
export const DNS_CODE = { noError: 0, serverFailure: 2, notImplemented: 4, refused: 5 } as const;

const HEADER_BYTES = 12;
const LABEL_BYTES_MAX = 63;
const NAME_BYTES_MAX = 255;
const CLASS_IN = 1;
/** Bits of the second word of the header. */
const RESPONSE = 0x8000;
const OPCODE = 0x7800;
const RECURSION_DESIRED = 0x0100;
const RECURSION_AVAILABLE = 0x0080;
const CODE = 0x000f;
/** Type, class, TTL and length, behind a record's name. */
const RECORD_BYTES = 10;
const OWN_TTL_SECONDS = 60;

/** Null where it is not one standard query with one question, for a name that is written out. */
export function readQuery(bytes: Buffer): DnsQuestion | null {
	if (bytes.length > DNS_MESSAGE_BYTES_MAX || bytes.length < HEADER_BYTES) return null;
	if ((bytes.readUInt16BE(2) & (RESPONSE | OPCODE)) !== 0) return null;
	// Answers and authorities have no place in a query.
	if (bytes.readUInt16BE(6) !== 0 || bytes.readUInt16BE(8) !== 0) return null;
	return readQuestion(bytes);
}

/** Null where it is no answer to the question. Records are read as far as they are whole. */
export function readAnswer(bytes: Buffer, asked: DnsQuestion): DnsAnswer | null {
	if (bytes.length > DNS_MESSAGE_BYTES_MAX || bytes.length < HEADER_BYTES) return null;
	const flags = bytes.readUInt16BE(2);
	if ((flags & RESPONSE) === 0 || (flags & OPCODE) !== 0) return null;
	const question = readQuestion(bytes);
	if (question === null || !isSameQuestion(question, asked)) return null;
	return { code: flags & CODE, ...readRecords(bytes, question.end, bytes.readUInt16BE(6)) };
}

/** The name is asked for in vain: the policy forbids it. */
export function refusedAnswer(query: Buffer, question: DnsQuestion): Buffer {
	return head(query, question, DNS_CODE.refused, 0);
}

export function serverFailure(query: Buffer, question: DnsQuestion): Buffer {
	return head(query, question, DNS_CODE.serverFailure, 0);
}

/** `address` is an IPv4 address, in four numbers. Questions of another type get no record, as for a name that has none of it. */
export function addressAnswer(query: Buffer, question: DnsQuestion, address: readonly number[]): Buffer {
	if (question.type !== DNS_TYPE.a || question.class !== CLASS_IN) {
		return head(query, question, DNS_CODE.noError, 0);
	}
	const record = Buffer.alloc(2 + RECORD_BYTES);
	// The name of the question, which stands behind the header.
	record.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
	record.writeUInt16BE(DNS_TYPE.a, 2);
	record.writeUInt16BE(CLASS_IN, 4);
	record.writeUInt32BE(OWN_TTL_SECONDS, 6);
	record.writeUInt16BE(address.length, 10);
	return Buffer.concat([head(query, question, DNS_CODE.noError, 1), record, Buffer.from(address)]);
}

/** A copy with another id. */
export function withId(message: Buffer, id: number): Buffer {
	const copy = Buffer.from(message);
	copy.writeUInt16BE(id, 0);
	return copy;
}

function head(query: Buffer, question: DnsQuestion, code: number, answers: number): Buffer {
	const bytes = Buffer.from(query.subarray(0, question.end));
	const desired = bytes.readUInt16BE(2) & RECURSION_DESIRED;
	bytes.writeUInt16BE(RESPONSE | desired | RECURSION_AVAILABLE | code, 2);
	bytes.writeUInt16BE(answers, 6);
	bytes.writeUInt32BE(0, 8);
	return bytes;
}

function isSameQuestion(one: DnsQuestion, other: DnsQuestion): boolean {
	return (
		one.id === other.id && one.name === other.name && one.type === other.type && one.class === other.class
	);
}

function readQuestion(bytes: Buffer): DnsQuestion | null {
	if (bytes.readUInt16BE(4) !== 1) return null;
	const labels: string[] = [];
	let at = HEADER_BYTES;
	for (;;) {
		const length = bytes[at];
		// A pointer has the two highest bits: it can point at nothing but itself here.
		if (length === undefined || length > LABEL_BYTES_MAX) return null;
		at += 1 + length;
		if (at > bytes.length || at - HEADER_BYTES > NAME_BYTES_MAX) return null;
		if (length === 0) break;
		labels.push(labelText(bytes.subarray(at - length, at)));
	}
	const end = at + 4;
	if (end > bytes.length) return null;
	const [type, of] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
	return { id: bytes.readUInt16BE(0), name: labels.join('.'), type, class: of, end };
}

function labelText(label: Buffer): string {
	return label
		.toString('latin1')
		.replace(/[^A-Za-z0-9_-]/g, (sign) => `\\${String(sign.charCodeAt(0)).padStart(3, '0')}`)
		.toLowerCase();
}

/** `count` is what the message says; its bytes bound the records that are read. */
function readRecords(
	bytes: Buffer,
	start: number,
	count: number,
): Pick<DnsAnswer, 'addresses' | 'ttlSeconds'> {
	const addresses: string[] = [];
	let ttlSeconds = Number.POSITIVE_INFINITY;
	let at = start;
	for (let index = 0; index < count; index += 1) {
		const fields = endOfName(bytes, at);
		if (fields === null || fields + RECORD_BYTES > bytes.length) return { addresses, ttlSeconds };
		const data = fields + RECORD_BYTES;
		at = data + bytes.readUInt16BE(fields + 8);
		if (at > bytes.length) return { addresses, ttlSeconds };
		if (bytes.readUInt16BE(fields + 2) !== CLASS_IN) continue;
		ttlSeconds = Math.min(ttlSeconds, bytes.readUInt32BE(fields + 4));
		const address = addressText(bytes.readUInt16BE(fields), bytes.subarray(data, at));
		if (address !== null) addresses.push(address);
	}
	return { addresses, ttlSeconds };
}

/** Where the bytes of a name end that may end in a pointer; null where it does not end. */
function endOfName(bytes: Buffer, start: number): number | null {
	let at = start;
	while (at - start < NAME_BYTES_MAX) {
		const length = bytes[at];
		if (length === undefined) return null;
		if (length === 0) return at + 1;
		if (length >= 0xc0) return at + 2;
		if (length > LABEL_BYTES_MAX) return null;
		at += 1 + length;
	}
	return null;
}

function addressText(type: number, data: Buffer): string | null {
	if (type === DNS_TYPE.a && data.length === 4) return data.join('.');
	if (type === DNS_TYPE.aaaa && data.length === 16) {
		return (data.toString('hex').match(/.{4}/g) ?? []).join(':');
	}
	return null;
}
