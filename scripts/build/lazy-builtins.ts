/**
 * An esbuild plugin: built-in modules that are loaded with the code that needs them, not with the whole bundle. A plain import of
 * one stands at the top of the bundle, wherever it came from, and costs every start what few need.
 */
import type { Plugin } from 'esbuild';

export function lazyBuiltins(names: readonly string[]): Plugin {
	const filter = new RegExp(`^(?:node:)?(?:${names.join('|')})$`);
	return {
		name: 'lazy-builtins',
		setup({ onResolve, onLoad }) {
			onResolve({ filter }, ({ path }) => ({
				path: path.replace(/^node:/, ''),
				namespace: 'builtin',
			}));
			onLoad({ filter: /^/, namespace: 'builtin' }, ({ path }) => ({
				contents: `module.exports = process.getBuiltinModule('node:${path}');`,
				loader: 'js',
			}));
		},
	};
}
