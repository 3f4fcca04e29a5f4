/** Descriptors handed to another process over a Unix socket of packets (SCM_RIGHTS of unix(7)), each with a number to know it by. */
import { KernelError } from './kernel-error.ts';
import { type Libc, requiredLibc } from './libc.ts';

const SOL_SOCKET = 1;
const SCM_RIGHTS = 1;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const MSG_CMSG_CLOEXEC = 0x40000000;
const EAGAIN = 11;

/** struct msghdr, struct iovec and one struct cmsghdr with a descriptor behind it, on 64 bits. */
const HEADER_BYTES = 56;
const VECTOR_BYTES = 16;
const CONTROL_LENGTH = 20;
const CONTROL_BYTES = 24;
const CONTROL_DATA = 16;

export interface PassedDescriptor {
	readonly number: number;
	/** The receiver's to close. */
	readonly descriptor: number;
}

/** False: the other side has not read what was sent before, try again later. Throws where it is gone. The descriptor stays the caller's. */
export function passDescriptor(socket: number, { number, descriptor }: PassedDescriptor): boolean {
	const calls = requiredLibc();
	const message = new Message(calls);
	message.number.writeDoubleLE(number);
	message.control.writeBigUInt64LE(BigInt(CONTROL_LENGTH), 0);
	message.control.writeInt32LE(SOL_SOCKET, 8);
	message.control.writeInt32LE(SCM_RIGHTS, 12);
	message.control.writeInt32LE(descriptor, CONTROL_DATA);
	if (calls.sendmsg(socket, message.header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) return true;
	const error = calls.lastErrorNumber();
	if (error === EAGAIN) return false;
	throw new KernelError('sendmsg', error);
}

/** The next one that has come; null: there is none. */
export function takeDescriptor(socket: number): PassedDescriptor | null {
	const calls = requiredLibc();
	const message = new Message(calls);
	if (calls.recvmsg(socket, message.header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0) return null;
	if (message.control.readInt32LE(12) !== SCM_RIGHTS) return null;
	return {
		number: message.number.readDoubleLE(),
		descriptor: message.control.readInt32LE(CONTROL_DATA),
	};
}

class Message {
	/** Who counts requests is through 32 bits in days. */
	readonly number = Buffer.alloc(8);
	readonly control = Buffer.alloc(CONTROL_BYTES);
	readonly header = Buffer.alloc(HEADER_BYTES);
	readonly #vector = Buffer.alloc(VECTOR_BYTES);

	constructor(calls: Libc) {
		this.#vector.writeBigUInt64LE(calls.address(this.number), 0);
		this.#vector.writeBigUInt64LE(BigInt(this.number.length), 8);
		this.header.writeBigUInt64LE(calls.address(this.#vector), 16);
		this.header.writeBigUInt64LE(1n, 24);
		this.header.writeBigUInt64LE(calls.address(this.control), 32);
		this.header.writeBigUInt64LE(BigInt(CONTROL_BYTES), 40);
	}
}
