/**
 * The PROXY protocol, versions 1 and 2, as HAProxy's proxy-protocol.txt has it: what a proxy in front sends before all else, to say
 * whose connection it is. Its sections are named below. Only peers that are listed send it, and those have to: who could choose
 * would choose its address.
 */
import { type AddressBlock, parseBlock } from '../base/address-block.ts';
import { AddressSet } from '../base/address-set.ts';
import { addressText } from '../base/address-text.ts';
import type { Preface, PrefaceReader, PrefaceSetup } from '../engine/preface.ts';
import type { Log } from '../telemetry/log.ts';
import { sourceAddress } from './source-address.ts';

/** Section 2.2. */
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1');
const HEAD_BYTES = 16;
/** Section 2.1: the longest line there is, its end included. */
const LINE_BYTES_MAX = 107;
/** Section 2.2 lets it be 65,535; what is sent in fact, with a client's certificate in it, is far shorter. */
const BINARY_BYTES_MAX = 16 * 1024;
const LINE = /^PROXY (?:TCP([46]) (\S+) (\S+) (\d{1,5}) (\d{1,5})|UNKNOWN(?: .*)?)$/;
const PORT_MAX = 65_535;

const LOCAL = 0x20;
const PROXY = 0x21;
const TCP4 = 0x11;
const TCP6 = 0x21;
/** UNSPEC, and the families that a stream listener of ours does not serve: the header says nothing then. */
const OTHERS: ReadonlySet<number> = new Set([0x00, 0x12, 0x22, 0x31, 0x32]);

export class ProxyProtocol implements PrefaceSetup {
	readonly #senders: AddressSet;
	readonly #log: Log;

	constructor(senders: readonly AddressBlock[], log: Log) {
		this.#senders = new AddressSet(senders);
		this.#log = log;
	}

	reader(remoteAddress: string): PrefaceReader | null {
		return this.#senders.has(sourceAddress(remoteAddress)) ? new ProxyHeader() : null;
	}

	refused(remoteAddress: string, problem: string): void {
		const proxy = sourceAddress(remoteAddress);
		this.#log.write('warn', 'a connection was reset: its proxy sent no PROXY header that can be read', {
			proxy,
			problem,
		});
	}
}

export class ProxyHeader implements PrefaceReader {
	#got: Buffer = Buffer.alloc(0);

	read(bytes: Buffer): Preface | null {
		this.#got = this.#got.length === 0 ? bytes : Buffer.concat([this.#got, bytes]);
		const got = this.#got;
		const compared = Math.min(got.length, SIGNATURE.length);
		if (got.subarray(0, compared).equals(SIGNATURE.subarray(0, compared))) return readBinary(got);
		return readLine(got);
	}
}

function readLine(got: Buffer): Preface | null {
	const start = got.subarray(0, LINE_BYTES_MAX).toString('latin1');
	const end = start.indexOf('\r\n');
	if (!start.startsWith('PROXY '.slice(0, start.length)))
		throw new Error('found something else, wanted "PROXY " or the signature of version 2');
	if (end === -1 && got.length < LINE_BYTES_MAX) return null;
	const match = LINE.exec(start.slice(0, Math.max(0, end)));
	if (match === null) throw new Error('found a line that breaks section 2.1 of the PROXY protocol');
	const [, family, address = '', to = '', port, toPort] = match;
	const rest = got.subarray(end + 2);
	if (family === undefined) return { source: null, rest };
	if (!isAddress(address, family) || !isAddress(to, family))
		throw new Error(`found an address that is none of IPv${family}`);
	if (Number(port) > PORT_MAX || Number(toPort) > PORT_MAX) throw new Error(`found a port above ${PORT_MAX}`);
	return { source: { address, port: Number(port) }, rest };
}

function readBinary(got: Buffer): Preface | null {
	if (got.length < HEAD_BYTES) return null;
	const [command, family, length] = [got.readUInt8(12), got.readUInt8(13), got.readUInt16BE(14)];
	if (command !== LOCAL && command !== PROXY)
		throw new Error(`found version and command 0x${command.toString(16)}, wanted 0x20 or 0x21`);
	if (length > BINARY_BYTES_MAX)
		throw new Error(`found a header of ${length} bytes, wanted at most ${BINARY_BYTES_MAX}`);
	if (got.length < HEAD_BYTES + length) return null;
	const rest = got.subarray(HEAD_BYTES + length);
	// Section 2.2: the health check of the proxy itself.
	if (command === LOCAL) return { source: null, rest };
	return { source: readSource(family, got.subarray(HEAD_BYTES, HEAD_BYTES + length)), rest };
}

function readSource(family: number, block: Buffer): Preface['source'] {
	if (OTHERS.has(family)) return null;
	if (family !== TCP4 && family !== TCP6)
		throw new Error(`found family and transport 0x${family.toString(16)}, which is none`);
	const bytes = family === TCP4 ? 4 : 16;
	if (block.length < 2 * bytes + 4) throw new Error('found a header too short for its addresses');
	const address = block.subarray(0, bytes);
	const port = block.readUInt16BE(2 * bytes);
	return { address: addressText(address), port };
}

function isAddress(text: string, family: string): boolean {
	return !text.includes('/') && parseBlock(text) !== null && text.includes(':') === (family === '6');
}
