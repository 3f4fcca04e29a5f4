/**
 * What the host of an edge function tells httpfn: lines of JSON on a pipe that only the two have. Nothing that a client sends gets
 * there.
 */
import { ERRORS, type ErrorCode, RuntimeError } from './errors.ts';

/** The descriptor that the host finds its end of the pipe at. */
export const REPORT_DESCRIPTOR = 3;

export type EdgeReport =
	/** A zygote is ready for its function. */
	| { readonly kind: 'waiting' }
	/** The module has been evaluated. */
	| { readonly kind: 'loaded' }
	/** It listens. */
	| { readonly kind: 'listening' }
	/** Promises given to `waitUntil` are pending, or none is any more. */
	| { readonly kind: 'working'; readonly working: boolean }
	/** The function can not be served. */
	| { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

export function reportLine(report: EdgeReport): string {
	return `${JSON.stringify(report)}\n`;
}

/** Null for a line that is none: the pipe is the function's process's own, which may write what it likes. */
export function parseReport(line: string): EdgeReport | null {
	try {
		const given = JSON.parse(line) as Record<string, unknown>;
		const { kind, working, code, message } = given;
		if (kind === 'waiting' || kind === 'loaded' || kind === 'listening') return { kind };
		if (kind === 'working' && typeof working === 'boolean') return { kind, working };
		if (kind === 'failed' && isEdgeCode(code) && typeof message === 'string') return { kind, code, message };
		return null;
	} catch {
		return null;
	}
}

export function reportedError({ code, message }: EdgeReport & { readonly kind: 'failed' }): RuntimeError {
	return new RuntimeError(code, message);
}

function isEdgeCode(code: unknown): code is ErrorCode {
	return typeof code === 'string' && code.startsWith('ERR_EDGE_') && code in ERRORS;
}
