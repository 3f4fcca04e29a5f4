/** Messages of netlink, and one exchange of them with the kernel of the network namespace that the calling thread is in. */
import { KernelError } from '../engine/kernel-error.ts';
import type { Kernel } from './kernel.ts';

export const NETLINK = { route: 0, netfilter: 12 } as const;
export const NLM_F = { request: 1, acknowledge: 4, exclusive: 0x200, create: 0x400, append: 0x800 } as const;

const AF_NETLINK = 16;
const SOCK_RAW = 3;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const NLMSG_ERROR = 2;
const NLA_F_NESTED = 0x8000;
const MESSAGE_HEADER_BYTES = 16;
const ATTRIBUTE_HEADER_BYTES = 4;
const ANSWER_BYTES_MAX = 4096;
const EIO = 5;

/** struct nlattr. A number is 32 bits in network order, as nf_tables wants them; text ends in a zero byte. */
export function attribute(type: number, value: Buffer | string | number): Buffer {
	const content =
		typeof value === 'object' ? value : typeof value === 'string' ? cText(value) : bigEndian(value);
	const header = Buffer.alloc(ATTRIBUTE_HEADER_BYTES);
	header.writeUInt16LE(ATTRIBUTE_HEADER_BYTES + content.length, 0);
	header.writeUInt16LE(type, 2);
	return padded(Buffer.concat([header, content]));
}

export function nested(type: number, ...attributes: readonly Buffer[]): Buffer {
	return attribute(type | NLA_F_NESTED, Buffer.concat(attributes));
}

/** struct nlmsghdr, the family's own header and attributes. */
export function netlinkMessage(type: number, flags: number, ...parts: readonly Buffer[]): Buffer {
	const body = Buffer.concat(parts);
	const header = Buffer.alloc(MESSAGE_HEADER_BYTES);
	header.writeUInt32LE(MESSAGE_HEADER_BYTES + body.length, 0);
	header.writeUInt16LE(type, 4);
	header.writeUInt16LE(NLM_F.request | flags, 6);
	return padded(Buffer.concat([header, body]));
}

/**
 * Sends all messages at once and reads the kernel's first answer. Exactly the last message that is answered when all goes
 * well asks for an acknowledgement: a refusal of an earlier one comes before it. Throws a KernelError named after `what`.
 */
export function netlinkExchange(
	kernel: Kernel,
	protocol: number,
	what: string,
	messages: readonly Buffer[],
): void {
	const { libc } = kernel;
	const socket = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (socket < 0) throw new KernelError(`${what}: socket`, libc.lastErrorNumber());
	try {
		const request = Buffer.concat(messages);
		if (libc.sendto(socket, request, request.length, 0, null, 0) < 0) {
			throw new KernelError(`${what}: sendto`, libc.lastErrorNumber());
		}
		const answer = Buffer.alloc(ANSWER_BYTES_MAX);
		// The kernel has answered before sendto returns.
		const length = libc.recvfrom(socket, answer, answer.length, MSG_DONTWAIT, null, null);
		if (length < 0) throw new KernelError(`${what}: recvfrom`, libc.lastErrorNumber());
		const outcome = outcomeIn(answer.subarray(0, length));
		if (outcome !== 0) throw new KernelError(what, outcome);
	} finally {
		libc.close(socket);
	}
}

/** The error number of struct nlmsgerr, 0 for an acknowledgement. */
function outcomeIn(answer: Buffer): number {
	const complete = answer.length >= MESSAGE_HEADER_BYTES + 4;
	if (!complete || answer.readUInt16LE(4) !== NLMSG_ERROR) return EIO;
	return -answer.readInt32LE(MESSAGE_HEADER_BYTES);
}

function bigEndian(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32BE(value | 0);
	return bytes;
}

function cText(value: string): Buffer {
	return Buffer.from(`${value}\0`);
}

function padded(bytes: Buffer): Buffer {
	const missing = -bytes.length & 3;
	return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing)]);
}
