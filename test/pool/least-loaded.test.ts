import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LeastLoaded } from '../../src/pool/least-loaded.ts';
import { PoolMember } from '../../src/pool/pool-member.ts';
import { newInstance } from '../process/support.ts';

const test = suite('least loaded');
const PLACES = 3;
const MEMBERS = 12;
const STEPS = 20_000;

test('P-27: whatever is taken, given back and removed, the choice is that of a search through all instances', () => {
	const list = new LeastLoaded<PoolMember>(PLACES);
	const owner = { onRelease: () => {}, onRest: () => {} };
	const members = Array.from(
		{ length: MEMBERS },
		() => new PoolMember(newInstance('none').instance, 0, owner, 0),
	);
	/** Those listed, the one used last in front. */
	let model: PoolMember[] = [];
	const use = (member: PoolMember, change: number): void => {
		member.load += change;
		list.put(member, member.load - change);
		model = [member, ...model.filter((other) => other !== member)];
	};
	const random = sequence(20_261_123);
	for (let step = 0; step < STEPS; step++) {
		const expected = leastLoaded(model);
		assert.is(list.first(), expected, `step ${step}`);
		const idle = model.filter(({ load }) => load === 0).reverse();
		assert.equal(
			[...list.idle()].map((member) => members.indexOf(member)),
			idle.map((member) => members.indexOf(member)),
		);
		const member = members[random(MEMBERS)];
		if (member === undefined) continue;
		if (!member.listed) use(member, 0);
		else if (random(10) === 0) {
			list.remove(member);
			list.remove(member);
			model = model.filter((other) => other !== member);
		} else if (random(2) === 0 && expected !== null) use(expected, 1);
		else if (member.load > 0) use(member, -1);
	}
});

function leastLoaded(model: readonly PoolMember[]): PoolMember | null {
	const free = model.filter(({ load }) => load < PLACES);
	const load = Math.min(...free.map((member) => member.load));
	return free.find((member) => member.load === load) ?? null;
}

/** Numbers below a bound, the same in every run. */
function sequence(seed: number): (below: number) => number {
	let state = seed;
	return (below) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
}

test.run();
