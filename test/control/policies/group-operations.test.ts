/** Groups of APIs and their domain names as the platform's gateway API has them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { domainName } from '../../../src/control/policies/domain-name.ts';
import { apiOf } from '../../harness/api-of.ts';
import { withBed } from '../../harness/operations-bed.ts';

const test = suite('groups and domains');

const GROUPS = 'apigw/instances/any/api-groups';

test('A-236: a group is there by its triggers, and is listed and shown with its domain names', () =>
	withBed(async (bed) => {
		assert.is((await bed.call('GET', GROUPS)).body.total, 0);
		await apiOf(bed, 'hello');
		const [group] = (await bed.call('GET', GROUPS)).body.groups;
		assert.is(group.sl_domain, `${group.id}.localhost`);
		const one = `${GROUPS}/${group.id}`;
		const made = await bed.call('POST', `${one}/domains`, { url_domain: 'API.Example.com' });
		assert.equal([made.status, made.body.url_domain], [201, 'api.example.com']);
		const domains = async () => (await bed.call('GET', one)).body.url_domains;
		assert.is((await domains())[0].domain, 'api.example.com');
		assert.is((await bed.call('DELETE', `${one}/domains/${made.body.id}`)).status, 204);
		assert.equal(await domains(), []);
		assert.is((await bed.call('DELETE', `${one}/domains/${made.body.id}`)).code, 'ERR_DOMAIN_NOT_FOUND');
		assert.is((await bed.call('GET', `/v2/other/${one}`)).code, 'ERR_GROUP_NOT_FOUND');
	}));

test('A-237: a domain name leads to one group, and goes with the last trigger of it', () =>
	withBed(async (bed) => {
		await apiOf(bed, 'hello');
		const add = (groupId: string) =>
			bed.call('POST', `${GROUPS}/${groupId}/domains`, { url_domain: '*.example.com' });
		const [first] = (await bed.call('GET', GROUPS)).body.groups;
		assert.is((await add(first.id)).status, 201);
		assert.is((await add(first.id)).code, 'ERR_DOMAIN_EXISTS');
		assert.is((await add('none')).code, 'ERR_GROUP_NOT_FOUND');
		bed.catalog.functions.remove(bed.catalog.triggers.ofGroup(first.id)[0]?.functionId ?? 0);
		assert.equal(bed.catalog.domains.all(), []);
	}));

test('A-238: a domain name is in lower case and ASCII; addresses and the names of the gateway itself are none', () => {
	assert.equal(['API.Example.com', 'bücher.example', '*.example.com', 'a.b-c.d1.example'].map(domainName), [
		'api.example.com',
		'xn--bcher-kva.example',
		'*.example.com',
		'a.b-c.d1.example',
	]);
	const labels = [
		'example',
		'',
		'*',
		'*.com',
		'a.*.com',
		'-a.example',
		'a..example',
		`${'a'.repeat(64)}.example`,
	];
	const others = [
		'10.0.0.1',
		'x.localhost',
		'g.apig.cn-north-4.huaweicloudapis.com',
		'a.example:80',
		'a b.example',
	];
	for (const text of [...labels, ...others, `${'a.'.repeat(130)}example`])
		assert.is(domainName(text), null, text);
});

test.run();
