/** From which addresses functions may be called. */
import { ConfigError, valueMistake } from '../../config/config-error.ts';
import { ownOption } from '../command-options.ts';
import { policyCommands } from './policy-commands.ts';

const GROUP = 'Addresses';

export const aclCommands = policyCommands({
	name: 'acl',
	summary: 'Say from which addresses functions may be called.',
	wire: {
		noun: 'list of addresses',
		all: 'acls',
		id: 'id',
		name: 'acl_name',
		bind: (id, apiIds) => ({ path: 'acl-bindings', body: { acl_id: id, publish_ids: apiIds } }),
		bound: (id) => ({ path: 'acl-bindings/binded-apis', query: { acl_id: id } }),
		unbind: (_id, { fields }) => ({ method: 'DELETE', path: `acl-bindings/${fields.bind_id}` }),
	},
	add: {
		summary: 'Make a list of addresses; it holds for nothing before it is bound. Prints its id.',
		usage: 'NAME --permit CIDR,…|--deny CIDR,… [OPTIONS]',
		notes: [
			'Behind a proxy the address is that of its client only where --trusted-proxies of the server names the proxy.',
		],
		options: [
			ownOption('--permit', 'CIDR,…', GROUP, 'Only these addresses may call.'),
			ownOption('--deny', 'CIDR,…', GROUP, 'All but these addresses may call.'),
		],
		examples: [
			['httpfn acl add office --permit 10.0.0.0/8,2001:db8::/32', 'nobody else'],
			['httpfn acl add abusers --deny 203.0.113.7', 'everybody else'],
		],
	},
	body(name, option) {
		const [permit, deny] = [option('--permit')[0], option('--deny')[0]];
		if ((permit === undefined) === (deny === undefined)) {
			const found = permit === undefined ? 'neither --permit nor --deny' : 'both --permit and --deny';
			throw new ConfigError([valueMistake('--permit', `found ${found}, wanted one of them`)]);
		}
		return {
			acl_name: name,
			acl_type: deny === undefined ? 'PERMIT' : 'DENY',
			acl_value: permit ?? deny,
			entity_type: 'IP',
		};
	},
	columns: ['WHO MAY', 'ADDRESSES'],
	cells: ({ fields }) => [
		fields.acl_type === 'PERMIT' ? 'only these' : 'all but these',
		String(fields.acl_value ?? ''),
	],
});
