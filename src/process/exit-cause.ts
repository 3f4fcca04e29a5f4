/** Why an instance came to its end. The first cause stands: what follows it (a signal of ours, say) is its consequence. */
import { RuntimeError } from '../contract/errors.ts';
import type { MemoryBreach, SandboxExit } from './sandbox.ts';

export type ExitCause =
	/** The bootstrap ended by itself. */
	| { readonly kind: 'exited'; readonly code: number }
	/** A signal that was not ours ended the bootstrap: the kernel's OOM killer, a crash, an operator. */
	| { readonly kind: 'signaled'; readonly signal: string }
	/** It was ended because it used more memory than it was given. */
	| ({ readonly kind: 'over-memory' } & MemoryBreach)
	/** No process was started, or none could be. */
	| { readonly kind: 'start-refused'; readonly error: RuntimeError }
	| { readonly kind: 'init-timeout'; readonly error: RuntimeError }
	/** The bootstrap lives, but nothing listens on its port any more. */
	| { readonly kind: 'deaf'; readonly address: string }
	| { readonly kind: 'stopped' };

export function exitCause(exit: SandboxExit): ExitCause {
	if (exit.memory !== null) return { kind: 'over-memory', ...exit.memory };
	if (exit.signal !== null) return { kind: 'signaled', signal: exit.signal };
	return { kind: 'exited', code: exit.code ?? 0 };
}

/** A clause without a subject: "exited with code 3". */
export function describeCause(cause: ExitCause): string {
	switch (cause.kind) {
		case 'exited':
			return `exited with code ${cause.code}`;
		case 'signaled':
			return `was ended by ${cause.signal}`;
		case 'over-memory':
			return `was ended for using ${megabytes(cause.peakBytes)} of memory (${megabytes(cause.limitBytes)} allowed)`;
		case 'start-refused':
			return `was not started: ${cause.error.message}`;
		case 'init-timeout':
			return 'did not listen in time';
		case 'deaf':
			return `stopped listening on ${cause.address}`;
		case 'stopped':
			return 'was stopped';
		default:
			return cause satisfies never;
	}
}

/** What a request gets that was on its way when the instance ended. */
export function lossError(cause: ExitCause): RuntimeError {
	switch (cause.kind) {
		case 'stopped':
			return new RuntimeError('ERR_DRAINING', 'httpfn stopped the function before it answered');
		case 'start-refused':
		case 'init-timeout':
			return cause.error;
		case 'over-memory':
			return new RuntimeError(
				'ERR_FUNCTION_MEMORY',
				`the function ${describeCause(cause)} before it answered`,
			);
		case 'exited':
		case 'signaled':
		case 'deaf':
			return new RuntimeError(
				'ERR_FUNCTION_EXITED',
				`the function ${describeCause(cause)} before it answered`,
			);
		default:
			return cause satisfies never;
	}
}

function megabytes(bytes: number): string {
	return `${(bytes / (1024 * 1024)).toFixed(1)} MB`;
}
