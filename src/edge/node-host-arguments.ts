/** How esbuild is told to bundle the host for Node.js; the build tells it the same. */
export const NODE_HOST_ARGUMENTS = [
	...['--bundle', '--format=esm', '--platform=node', '--target=node20', '--charset=utf8'],
	...['--minify', '--legal-comments=none', '--log-level=warning', '--color=false'],
];
