import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { contains, parseBlock } from '../../src/base/address-block.ts';
import { AddressSet } from '../../src/base/address-set.ts';

const test = suite('AddressSet');

const blocksOf = (texts: readonly string[]) => texts.map(parseBlock).filter((block) => block !== null);

test('G-24: a set holds the addresses that one of its blocks contains, and no other', () => {
	const blocks = blocksOf([
		'10.0.0.0/8',
		'192.0.2.1',
		'192.0.2.128/25',
		'2001:db8::/33',
		'::1',
		'198.51.100.7/0',
	]);
	const set = new AddressSet(blocks.slice(0, 5));
	const random = () => Math.floor(Math.random() * 256);
	const four = () => `${[10, 192, 198][random() % 3]}.0.2.${random()}`;
	const six = () => `2001:db8:${random().toString(16)}00::${random().toString(16)}`;
	for (let round = 0; round < 2000; round++) {
		const address = round % 2 === 0 ? four() : six();
		const one = parseBlock(address);
		assert.ok(one !== null);
		assert.is(
			set.has(address),
			blocks.slice(0, 5).some((block) => contains(block, one)),
			address,
		);
	}
	assert.equal([set.has('::ffff:10.1.1.1'), set.has('no address'), set.has('')], [true, false, false]);
	assert.is(new AddressSet(blocks).has('203.0.113.1'), true);
	assert.is(new AddressSet([]).has('10.0.0.1'), false);
});

test('G-25: a look among 10,000 blocks takes no longer than one among 10', () => {
	const many = Array.from({ length: 10_000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
	const timed = (set: AddressSet) => {
		const begunMs = performance.now();
		for (let index = 0; index < 5000; index++) set.has('192.0.2.1');
		return performance.now() - begunMs;
	};
	const [few, all] = [new AddressSet(blocksOf(many.slice(0, 10))), new AddressSet(blocksOf(many))];
	timed(few);
	// A walk through all of them would take a thousand times as long.
	assert.ok(Math.min(timed(all), timed(all)) < 20 * Math.max(timed(few), timed(few)));
});

test.run();
