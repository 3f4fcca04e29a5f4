/** What triggers ask of their callers, by a real catalog. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Sealer } from '../../src/catalog/sealer.ts';
import { SecretKeys } from '../../src/catalog/secret-keys.ts';
import { RuntimeError } from '../../src/contract/errors.ts';
import { newAccessToken } from '../../src/control/auth/access-token.ts';
import { TriggerApis } from '../../src/server/trigger-apis.ts';
import { DeployedBed } from './deployed-bed.ts';

const test = suite('TriggerApis');

const REQUEST = { method: 'GET', target: '/', host: 'g1.localhost', address: '127.0.0.1', requestId: '' };

function apisOf(bed: DeployedBed): TriggerApis {
	const secretKeys = new SecretKeys(Sealer.open(bed.folder));
	return new TriggerApis({ users: bed.catalog.users, secretKeys });
}

test('G-192: a trigger with auth IAM lets users in that have the right invoke, and nobody else', async () => {
	await using bed = new DeployedBed();
	const token = (name: string, rights: readonly ('invoke' | 'read')[]) => {
		const made = newAccessToken(Date.now(), 1);
		const key = { accessKey: `HF${name}`, sealedSecretKey: '' };
		bed.catalog.users.create({ name, rights, ...key, tokenHash: made.hash });
		return made.token;
	};
	const caller = token('caller', ['invoke']);
	const reader = token('reader', ['read']);
	const trigger = bed.trigger(bed.create('one').id, { auth: 'IAM' });
	const { guard } = apisOf(bed).of(trigger);
	const judged = async (fieldLines: string) => {
		const verdict = await guard?.judge({ ...REQUEST, fieldLines });
		return verdict instanceof RuntimeError ? verdict.code : verdict?.user;
	};
	assert.is(await judged(`X-Auth-Token: ${caller}\r\n`), 'caller');
	assert.is(await judged(`X-Auth-Token: ${reader}\r\n`), 'ERR_IAM_FORBIDDEN');
	assert.is(await judged('X-Auth-Token: made up\r\n'), 'ERR_IAM_UNAUTHORIZED');
	assert.is(await judged('A: b\r\n'), 'ERR_IAM_UNAUTHORIZED');
});

test('G-193: an API has the id, the timeout and the family of its trigger', async () => {
	await using bed = new DeployedBed();
	const { id } = bed.create('one');
	const trigger = bed.trigger(id, { type: 'APIC', timeoutMs: 1500, eventData: { api_id: 'a1' } });
	const { guard, ...api } = apisOf(bed).of(trigger);
	assert.is(guard, null);
	assert.equal([api.id, api.family, api.backendTimeoutMs], ['a1', 'APIC', 1500]);
});

test.run();
