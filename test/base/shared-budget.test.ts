import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SharedBudget } from '../../src/base/shared-budget.ts';

const test = suite('SharedBudget');

const taken = (share: { reserve(amount: number): boolean }) => {
	let count = 0;
	while (count < 10_000 && share.reserve(1)) count++;
	return count;
};

test('G-51: who is alone has all of it, and what is given back can be had again', () => {
	const budget = new SharedBudget(1000);
	const share = budget.shareOf({});
	assert.is(taken(share), 1000);
	share.free(400);
	assert.is(budget.used, 600);
	assert.is(taken(share), 400);
	assert.is(share.reserve(0), true);
});

test('G-51: one that is greedy leaves a fifth to others, and who comes late always finds something', () => {
	const budget = new SharedBudget(1000);
	const owners = Array.from({ length: 4 }, () => budget.shareOf({}));
	const found = owners.map(taken);
	assert.equal(found, [800, 160, 32, 6]);
	assert.ok(taken(budget.shareOf({})) > 0);
});

test('G-51: those that are greedy at the same time get equal parts', () => {
	const budget = new SharedBudget(900);
	const owners = [{}, {}].map((owner) => budget.shareOf(owner));
	const found = [0, 0];
	for (let going = true; going; ) {
		going = false;
		for (const [index, share] of owners.entries()) {
			if (!share.reserve(1)) continue;
			found[index] = (found[index] ?? 0) + 1;
			going = true;
		}
	}
	assert.equal(found, [400, 400]);
});

test('G-51: an owner has one share, however often it is asked for', () => {
	const budget = new SharedBudget(10);
	const owner = {};
	assert.is(budget.shareOf(owner), budget.shareOf(owner));
});

test('R-23: what other processes use is used, and an owner is taken to have as much in each', () => {
	let elsewhere = 300;
	const told: number[] = [];
	const budget = new SharedBudget(1000, {
		processes: 2,
		used: () => elsewhere,
		tell: (amount) => told.push(amount),
	});
	const alone = budget.shareOf({});
	assert.is(taken(alone), 700);
	assert.is(told.at(-1), 700);
	alone.free(700);
	assert.is(told.at(-1), 0);
	elsewhere = 0;
	const other = budget.shareOf({});
	// Twice what it takes is at most four times what is free.
	assert.is(taken(alone), 666);
	assert.ok(taken(other) > 0);
	elsewhere = 1000;
	assert.is(taken(other), 0);
});

test.run();
