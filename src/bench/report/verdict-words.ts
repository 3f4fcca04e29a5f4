import type { Verdict } from '../bench-record.ts';

/** What a reader is told, and the class by which it is drawn. */
export const VERDICT_WORDS: Readonly<Record<Verdict, { readonly text: string; readonly kind: string }>> = {
	regressed: { text: 'regressed', kind: 'worse' },
	improved: { text: 'improved', kind: 'better' },
	same: { text: 'the same', kind: 'same' },
	'cannot tell': { text: 'cannot be told', kind: 'unsure' },
	new: { text: 'new', kind: 'same' },
	gone: { text: 'not measured any more', kind: 'same' },
};

/** The order in which a reader wants them. */
export const VERDICT_ORDER: readonly Verdict[] = [
	'regressed',
	'cannot tell',
	'improved',
	'gone',
	'new',
	'same',
];
