/**
 * The end of a packed file, 256 bytes of fixed layout; numbers are little-endian:
 *
 *   runtime │ payload (a zip) │ manifest (JSON) │ trailer
 *
 *      0  magic, 16 bytes                    48  SHA-256 of runtime, payload and manifest, 32 bytes each
 *     16  version of the format, 32 bits    144  public key, 32 bytes  ┐ Ed25519; zeros where nobody signed
 *     20  1 where it is signed, else 0      176  signature, 64 bytes   ┘
 *     24  bytes of runtime, payload and     240  the first 16 bytes of the SHA-256 of all bytes before
 *         manifest, 64 bits each
 *
 * What is signed is a line of text that names the purpose, and bytes 0 to 176: lengths and digests, so that no part can be exchanged.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { RuntimeError } from '../contract/errors.ts';
import { TRAILER_BYTES, TRAILER_MAGIC } from '../engine/packed-tail.ts';

export const PACKED_FORMAT = 1;

/** A part of the file. */
export interface Part {
	readonly bytes: number;
	readonly sha256: Buffer;
}

export interface Signature {
	/** 32 bytes, raw. */
	readonly publicKey: Buffer;
	/** 64 bytes. */
	readonly bytes: Buffer;
}

export interface Trailer {
	readonly runtime: Part;
	readonly payload: Part;
	readonly manifest: Part;
	readonly signature: Signature | null;
}

const PURPOSE = 'httpfn packed file, format 1\n';
const AT = {
	format: 16,
	signed: 20,
	lengths: 24,
	digests: 48,
	key: 144,
	signature: 176,
	check: 240,
} as const;
const PARTS = ['runtime', 'payload', 'manifest'] as const;

/** Without a signature unless `signature` has one. */
export function encodeTrailer(trailer: Trailer): Buffer {
	const bytes = signedBytes(trailer, trailer.signature?.publicKey ?? null);
	trailer.signature?.bytes.copy(bytes, AT.signature);
	digestOf(bytes.subarray(0, AT.check)).copy(bytes, AT.check, 0, TRAILER_BYTES - AT.check);
	return bytes;
}

/** What a signature by `publicKey` is over. */
export function signedText(trailer: Omit<Trailer, 'signature'>, publicKey: Buffer): Buffer {
	const bytes = signedBytes(trailer, publicKey);
	return Buffer.concat([Buffer.from(PURPOSE), bytes.subarray(0, AT.signature)]);
}

/** `fileBytes` is the length of the whole file. Throws ERR_PACKED_INVALID. */
export function decodeTrailer(bytes: Buffer, fileBytes: number): Trailer {
	if (bytes.length < TRAILER_BYTES || bytes.toString('latin1', 0, TRAILER_MAGIC.length) !== TRAILER_MAGIC) {
		throw invalid('found no packed functions at its end');
	}
	const format = bytes.readUInt32LE(AT.format);
	if (format !== PACKED_FORMAT) throw invalid(`found format ${format}, wanted ${PACKED_FORMAT}`);
	const check = digestOf(bytes.subarray(0, AT.check)).subarray(0, TRAILER_BYTES - AT.check);
	if (!check.equals(bytes.subarray(AT.check))) throw invalid('its last 256 bytes have been changed');
	const [runtime, payload, manifest] = PARTS.map(
		(_, index): Part => ({
			bytes: Number(bytes.readBigUInt64LE(AT.lengths + index * 8)),
			sha256: bytes.subarray(AT.digests + index * 32, AT.digests + (index + 1) * 32),
		}),
	) as [Part, Part, Part];
	const wanted = runtime.bytes + payload.bytes + manifest.bytes + TRAILER_BYTES;
	if (fileBytes !== wanted) throw invalid(`found ${fileBytes} bytes, wanted ${wanted}`);
	const signature = {
		publicKey: bytes.subarray(AT.key, AT.signature),
		bytes: bytes.subarray(AT.signature, AT.check),
	};
	return { runtime, payload, manifest, signature: bytes.readUInt32LE(AT.signed) === 1 ? signature : null };
}

export function invalid(found: string, cause?: unknown): RuntimeError {
	return new RuntimeError('ERR_PACKED_INVALID', `could not use the packed file: ${found}`, { cause });
}

function signedBytes(trailer: Omit<Trailer, 'signature'>, publicKey: Buffer | null): Buffer {
	const bytes = Buffer.alloc(TRAILER_BYTES);
	bytes.write(TRAILER_MAGIC, 'latin1');
	bytes.writeUInt32LE(PACKED_FORMAT, AT.format);
	bytes.writeUInt32LE(publicKey === null ? 0 : 1, AT.signed);
	for (const [index, name] of PARTS.entries()) {
		bytes.writeBigUInt64LE(BigInt(trailer[name].bytes), AT.lengths + index * 8);
		trailer[name].sha256.copy(bytes, AT.digests + index * 32);
	}
	publicKey?.copy(bytes, AT.key);
	return bytes;
}

function digestOf(bytes: Uint8Array): Buffer {
	return createHash('sha256').update(bytes).digest();
}
