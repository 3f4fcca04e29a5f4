/**
 * One operation of the control plane as data. The routes, the OpenAPI document and the table of docs/api-coverage.md are
 * all made from these, so that none of them can say what another does not.
 */
import type * as z from 'zod/mini';
import type { Right } from '../catalog/records.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { ControlContext } from './control-context.ts';
import type { Identity } from './identity.ts';
import type { Reply } from './reply.ts';
import type { Spool } from './spool.ts';

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
	/** Of the JSON body; absent: no body is wanted. */
	readonly body?: () => z.ZodMiniType;
	/** Hand the body over as it came, as `call.spool`, instead of reading JSON. */
	readonly spooled?: true;
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
	/** The body of a `spooled` operation; it is closed when the call is over. */
	readonly spool: Spool;
	/** Header by lower-case name; null where the client sent none. */
	header(name: string): string | null;
}

export type Answer = JsonAnswer | StreamAnswer;

/** `body` is JSON; undefined: none. `status` is that of the operation unless it is given. */
export interface JsonAnswer {
	readonly status?: number;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: unknown;
}

/** Called once: sends head and bytes itself. What it throws before the head is answered as an error; after it the answer is cut. */
export interface StreamAnswer {
	readonly stream: (reply: Reply) => Promise<void>;
}
