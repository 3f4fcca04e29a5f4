/** What the control plane asks of whoever runs the functions. */
import type { FunctionRecord } from '../catalog/records.ts';

export interface Invoker {
	/**
	 * Sends an event to a version (`latest`, `v1`) or alias (`!prod`) of a function and writes the envelope of its answer.
	 * Rejects with a RuntimeError; once anything was written the answer can only be cut.
	 */
	invoke(record: FunctionRecord, qualifier: string, invocation: ControlInvocation): Promise<InvokeOutcome>;
	/** Instances that run now, of all versions. */
	instanceCount(functionId: number): number;
}

export interface ControlInvocation {
	readonly requestId: string;
	/** Bytes of the event; may be called more than once. */
	readonly readEvent: (from?: number, to?: number) => AsyncIterable<Uint8Array>;
	/** Resolves when there is room for more. */
	readonly writeEnvelope: (bytes: Uint8Array) => Promise<void>;
	/** Aborts when the caller is gone. */
	readonly signal: AbortSignal;
}

export interface InvokeOutcome {
	/** Of the function's answer. */
	readonly statusCode: number;
	/** Which version answered. */
	readonly version: string;
}
