import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Comparison, Verdict } from '../../../src/bench/bench-record.ts';
import { verdictSentence } from '../../../src/bench/report/verdict-sentence.ts';

const test = suite('verdict-sentence');

function comparisons(verdicts: Readonly<Partial<Record<Verdict, number>>>): Comparison[] {
	return Object.entries(verdicts).flatMap(([verdict, count]) =>
		Array.from({ length: count }, (_, index) => ({
			id: `${verdict}/${index}`,
			title: `${verdict} ${index + 1}`,
			verdict: verdict as Verdict,
			change: null,
			why: '',
		})),
	);
}

test('B-65: the outcome tells how many regressed, which, and how many can not be told', () => {
	const sentence = (verdicts: Readonly<Partial<Record<Verdict, number>>>): string =>
		verdictSentence(comparisons(verdicts), 0.05);
	assert.is(sentence({ same: 2, improved: 1 }), 'None of 3 measures regressed by more than 5%.');
	assert.is(sentence({ same: 1, regressed: 1 }), '1 of 2 measures regressed by more than 5%: “regressed 1”.');
	assert.is(
		sentence({ regressed: 2, 'cannot tell': 5 }),
		'2 of 7 measures regressed by more than 5%: “regressed 1” and “regressed 2”; 5 cannot be told: ' +
			'“cannot tell 1”, “cannot tell 2”, “cannot tell 3” and 2 others.',
	);
});

test('B-65: what only one run has measured is not counted', () => {
	assert.is(
		verdictSentence(comparisons({ same: 1, new: 3, gone: 2 }), 0.025),
		'None of 1 measure regressed by more than 2.5%.',
	);
	assert.is(verdictSentence(comparisons({ new: 1 }), 0.05), 'The two runs have no measure in common.');
});

test.run();
