/** What pages of other origins may do with functions. */
import { ConfigError, valueMistake } from '../../config/config-error.ts';
import { ownOption } from '../command-options.ts';
import { policyCommands } from './policy-commands.ts';

const GROUP = 'CORS';
const LISTS = {
	'--origins': 'allow_origin',
	'--methods': 'allow_methods',
	'--headers': 'allow_headers',
	'--expose': 'expose_headers',
} as const;

export const corsCommands = policyCommands({
	name: 'cors',
	summary: 'Say what pages of other origins may do with functions.',
	wire: {
		noun: 'plug-in',
		all: 'plugins',
		id: 'plugin_id',
		name: 'plugin_name',
		bind: (id, apiIds) => ({
			path: `plugins/${id}/attach`,
			body: { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', api_ids: apiIds },
		}),
		bound: (id) => ({ path: `plugins/${id}/attached-apis`, query: {} }),
		unbind: (id, api) => ({
			method: 'PUT',
			path: `plugins/${id}/detach`,
			body: { env_id: 'DEFAULT_ENVIRONMENT_RELEASE_ID', api_ids: [api.id] },
		}),
	},
	add: {
		summary: 'Make a plug-in for CORS; it holds for nothing before it is bound. Prints its id.',
		usage: 'NAME --origins O,… [--methods M,…] [--headers H,…] [--credentials] [OPTIONS]',
		notes: ['The gateway then answers preflights itself, and what the function says of CORS is dropped.'],
		options: [
			ownOption('--origins', 'O,…', GROUP, 'Origins such as https://example.com, or *.'),
			ownOption('--methods', 'M,…', GROUP, 'Methods that pages may call by, beside GET, HEAD and POST.', {
				fallbackText: 'no more',
			}),
			ownOption('--headers', 'H,…', GROUP, 'Headers that pages may send.', {
				fallbackText: 'the simple ones',
			}),
			ownOption('--expose', 'H,…', GROUP, 'Headers that pages may read.', {
				fallbackText: 'the simple ones',
			}),
			ownOption('--max-age', 'S', GROUP, 'Seconds that a browser need not ask again.', {
				fallbackText: '172800',
			}),
			ownOption('--credentials', '', GROUP, 'Pages may send cookies and Authorization.'),
		],
		examples: [
			[
				'httpfn cors add pages --origins https://example.com --methods PUT,DELETE',
				'for the pages of one site',
			],
			['httpfn cors add open --origins "*"', 'for all'],
		],
	},
	body(name, option) {
		const [origins] = option('--origins');
		const [age] = option('--max-age');
		if (origins === undefined) {
			const problem = 'found nothing, wanted origins such as https://example.com, or *';
			throw new ConfigError([valueMistake('--origins', problem)]);
		}
		const lists = Object.entries(LISTS).flatMap(([flag, field]) => option(flag).map((text) => [field, text]));
		return {
			plugin_name: name,
			plugin_type: 'cors',
			plugin_scope: 'global',
			plugin_content: JSON.stringify({
				...Object.fromEntries(lists),
				...(age === undefined ? {} : { max_age: age }),
				allow_credentials: option('--credentials').length > 0,
			}),
		};
	},
	columns: ['CONTENT'],
	cells: ({ fields }) => [String(fields.plugin_content ?? '')],
});
