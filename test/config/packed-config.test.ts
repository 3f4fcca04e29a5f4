import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ConfigError } from '../../src/config/config-error.ts';
import { packedConfig } from '../../src/config/packed-config.ts';

const test = suite('config of a packed file');

const FILE = { label: 'httpfn.yaml', path: '/srv/My shop/httpfn.yaml' };

test('Q-7: code and env files of a config file come along, each once, and the packed config names them where they then are', async () => {
	const text = `
# what is said of one is said of all
defaults: {memory: 256, envFile: ../common.env}
functions:
  cart:
    code: ./cart
    routes: [{path: /cart}]
    env: {key: relative/path}
    versions:
      1.10: {code: /opt/cart}
      2: {memory: 512}
  again: {code: cart, envFile: again.env, routes: [{path: /again}]}
`;
	const packed = await packedConfig(FILE, text);
	assert.is(packed.name, 'My-shop');
	assert.equal(packed.functions, [
		{ name: 'cart', folder: 'functions/cart' },
		{ name: 'again', folder: 'functions/cart' },
	]);
	assert.equal(
		[...packed.folders],
		[
			['functions/cart', '/srv/My shop/cart'],
			['functions/cart@1.10', '/opt/cart'],
		],
	);
	assert.equal(
		[...packed.files],
		[
			['env/defaults', '/srv/common.env'],
			['env/again', '/srv/My shop/again.env'],
		],
	);
	assert.equal(JSON.parse(packed.text), {
		defaults: { memory: 256, envFile: 'env/defaults' },
		functions: {
			cart: {
				code: 'functions/cart',
				routes: [{ path: '/cart' }],
				env: { key: 'relative/path' },
				versions: { '1.10': { code: 'functions/cart@1.10' }, 2: { memory: 512 } },
			},
			again: { code: 'functions/cart', envFile: 'env/again', routes: [{ path: '/again' }] },
		},
	});
});

test('Q-8: a relative path of the machine that serves is refused by name: certificates, logs, state, what is exposed', async () => {
	const text = `
tlsCert: cert.pem
tlsKey: /etc/key.pem
accessLog: stdout
state: state
tlsCertificates: [{cert: a.pem, key: /a.key}]
functions: {cart: {code: cart, expose: [/usr/share, data]}}
`;
	try {
		await packedConfig(FILE, text);
		assert.unreachable();
	} catch (error) {
		const { code, mistakes } = error as ConfigError;
		assert.is(code, 'ERR_CONFIG_INVALID');
		assert.equal(
			mistakes.map(({ source }) => source),
			[
				'httpfn.yaml: tlsCert',
				'httpfn.yaml: state',
				'httpfn.yaml: tlsCertificates.cert',
				'httpfn.yaml: functions.cart.expose',
			],
		);
	}
});

test.run();
