import { type FaultKind, ProtocolFault } from '../../src/http1/protocol-fault.ts';

/** What `read` was refused for, or null where it was not. Throws whatever else it throws. */
export function faultKind(read: () => unknown): FaultKind | null {
	try {
		read();
		return null;
	} catch (error) {
		if (error instanceof ProtocolFault) return error.kind;
		throw error;
	}
}
