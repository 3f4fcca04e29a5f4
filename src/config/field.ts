import type * as z from 'zod/mini';

/**
 * One setting, wherever it comes from. Flags, variables, the config file, help, JSON Schema and the reference page
 * are all derived from a table of these.
 */
export interface Field<Type extends z.ZodMiniType = z.ZodMiniType> {
	/** Made when a value has to be judged: making all of them takes milliseconds of every start. */
	readonly type: () => Type;
	/** How text from a flag or variable becomes a value. `entries` are NAME=VALUE pairs, a `structure` is JSON or its short form. */
	readonly kind: FieldKind;
	readonly group: FieldGroup;
	/** Null: never on a command line. A secret could be read there by every user of the machine; a list is too long for it. */
	readonly flag: `--${string}` | null;
	readonly variable: `HTTPFN_${string}`;
	/** Undefined where the value is derived; `fallbackText` says from what. */
	readonly fallback: z.output<Type>;
	readonly fallbackText: string;
	readonly placeholder: string;
	/** Completes "wanted …". */
	readonly wanted: string;
	readonly sentence: string;
	readonly example: string;
	/** The value is never shown, not even in an error. */
	readonly secret: boolean;
}

export type FieldKind = 'text' | 'integer' | 'boolean' | 'entries' | 'structure';
export type FieldGroup =
	| 'Function'
	| 'Instance'
	| 'Scaling'
	| 'Sandbox'
	| 'Gateway'
	| 'Control'
	| 'Log'
	| 'Credentials';
