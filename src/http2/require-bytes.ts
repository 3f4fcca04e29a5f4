import type { Buffer } from 'node:buffer';
import { connectionFault } from './http2-fault.ts';

/** Throws FRAME_SIZE_ERROR of the connection. */
export function requireBytes(payload: Buffer, bytes: number, what: string): void {
	if (payload.length === bytes) return;
	throw connectionFault('FRAME_SIZE_ERROR', `${what} has ${payload.length} bytes, wanted ${bytes}`);
}
