/** Whoever keeps the connections of a gateway. */
export interface ConnectionOwner {
	/** The connection is closed. */
	gone(): void;
	/** It speaks HTTP/2, not HTTP/1.1 as was thought: whatever it sent so far. Somebody else has it from now on. */
	http2(bytes: Buffer): void;
}
