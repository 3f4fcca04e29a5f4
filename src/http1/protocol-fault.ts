/** What a peer did wrong, in the words of the protocol; the gateway turns it into an error code. */
export type FaultKind =
	| 'malformed'
	| 'target-too-large'
	| 'head-too-large'
	| 'transfer-coding-unknown'
	| 'version-unsupported'
	| 'expectation-unsupported';

/** Thrown by the codec. After it nothing on that connection can be trusted: the caller closes it. */
export class ProtocolFault extends Error {
	override readonly name = 'ProtocolFault';
	readonly kind: FaultKind;

	constructor(kind: FaultKind, message: string) {
		super(message);
		this.kind = kind;
	}
}

export function malformed(message: string): ProtocolFault {
	return new ProtocolFault('malformed', message);
}
