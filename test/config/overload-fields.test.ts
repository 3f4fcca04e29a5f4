import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { overloadSettings } from '../../src/config/overload-fields.ts';
import { FIELDS } from '../../src/config/schema.ts';
import { LIMITS } from '../../src/contract/limits.ts';

const test = suite('settings of overload');

test('U-154: what is refused because there is too much of it is a setting, and by default the bound of the product', () => {
	const { connectionsMax, connectionsPerAddress, heldMemory, queuedMax } = FIELDS;
	const fallbacks = {
		connectionsMax: connectionsMax.fallback,
		connectionsPerAddress: connectionsPerAddress.fallback,
		heldMemory: heldMemory.fallback,
	};
	const { heldBytesMax, connectionsPerAddressMax } = LIMITS;
	assert.equal(overloadSettings(fallbacks), {
		connectionsMax: LIMITS.connectionsMax,
		connectionsPerAddressMax,
		heldBytesMax,
	});
	assert.is(queuedMax.fallback, LIMITS.queuedRequestsMax);
	assert.is(overloadSettings({ ...fallbacks, heldMemory: 16 }).heldBytesMax, 16 * 1024 * 1024);
});

test.run();
