/** How a row of the settings table is made; each kind of value has its maker. */
import * as z from 'zod/mini';
import { badFieldCharacter } from '../contract/header-text.ts';
import type { FieldGroup } from './field.ts';

const credential = () => z.optional(z.string().check(z.refine((value) => badFieldCharacter(value) === -1)));

interface Words {
	readonly fallbackText?: string;
	readonly wanted: string;
	readonly sentence: string;
	readonly example: string;
}

export function common(group: FieldGroup, name: string, placeholder: string) {
	const variable = `HTTPFN_${name.toUpperCase().replaceAll('-', '_')}` as const;
	return { group, flag: `--${name}` as const, variable: variable as `HTTPFN_${string}`, placeholder };
}

export function text<Type extends z.ZodMiniType>(
	group: FieldGroup,
	name: string,
	placeholder: string,
	type: () => Type,
	fallback: z.output<Type>,
	words: Words,
) {
	const fallbackText = String(fallback);
	const base = { ...common(group, name, placeholder), type, kind: 'text', fallback, fallbackText } as const;
	return { ...base, ...words, secret: false };
}

export const number = ofKind('integer');

/** A value with a short form, which a flag takes, and a long one, which is JSON in a variable. */
export const structure = ofKind('structure');

export function flag(group: FieldGroup, name: string, sentence: string) {
	const words = { wanted: 'true or false', sentence, example: 'true' };
	return { ...text(group, name, '', () => z.boolean(), false, words), kind: 'boolean' } as const;
}

export function secret(name: string, header: string) {
	const words = {
		fallbackText: 'none',
		wanted: 'text that a header can hold',
		sentence: `Sent as ${header} with enableAuthInHeader; never taken from a command line.`,
		example: '…',
	};
	return { ...text('Credentials', name, '', credential, undefined, words), flag: null, secret: true };
}

/** A value that has no short form, and so no flag. */
export function fileOnly<Type extends z.ZodMiniType>(
	group: FieldGroup,
	name: string,
	type: () => Type,
	fallback: z.output<Type>,
	words: Words,
) {
	return { ...structure(group, name, '', type, fallback, words), flag: null } as const;
}

/** As `text`, of another kind. */
function ofKind<Kind extends string>(kind: Kind) {
	return <Type extends z.ZodMiniType>(
		group: FieldGroup,
		name: string,
		placeholder: string,
		type: () => Type,
		fallback: z.output<Type>,
		words: Words,
	) => ({ ...text(group, name, placeholder, type, fallback, words), kind }) as const;
}
