/**
 * One operation of the control plane as data. The routes, the OpenAPI document and the table of docs/api-coverage.md are
 * all made from these, so that none of them can say what another does not.
 */
import type * as z from 'zod/mini';
import type { Right } from '../catalog/records.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { ControlContext } from './control-context.ts';
import type { Identity } from './identity.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

/** What stands in the table whether it is served or refused. */
export interface OperationName {
	/** The method of the platform's SDK, or of Terraform's provider, that calls it. */
	readonly id: string;
	readonly method: Method;
	/** In OpenAPI's form: `/v2/{project_id}/fgs/functions/{function_urn}/code`. */
	readonly path: string;
	readonly summary: string;
}

export interface Operation extends OperationName {
	readonly right: Right;
	/** Made when first needed. Values of the query are texts. Unknown names are let pass. */
	readonly query?: () => z.ZodMiniType;
	/** Of the JSON body; absent: no body is read. */
	readonly body?: () => z.ZodMiniType;
	readonly answer: { readonly status: number; readonly schema?: () => z.ZodMiniType };
	/** Throws a RuntimeError, which the client gets in the platform's form. */
	run(call: Call): Answer | Promise<Answer>;
}

/** What belongs to other kinds of function: refused with the platform's code and a sentence. */
export interface RefusedOperation extends OperationName {
	readonly code: ErrorCode;
	/** What HTTP functions do not have, and what to use instead. */
	readonly why: string;
}

export interface Call {
	readonly context: ControlContext;
	readonly identity: Identity;
	readonly requestId: string;
	/** Decoded parts of the path by name; `project_id` among them. */
	readonly parameters: Readonly<Record<string, string>>;
	/** As `query` of the operation judged it, else {}. */
	readonly query: unknown;
	/** As `body` of the operation judged it, else undefined. */
	readonly body: unknown;
	/** Header by lower-case name; null where the client sent none. */
	header(name: string): string | null;
}

/** `body` is JSON; undefined: none. */
export interface Answer {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}
