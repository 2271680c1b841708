const FEATURES =
  '(session|settings|assistant|gateway|files|storage|teams|billing|sync|automations|insights|privacy)'

/** The import rule: main > app > http > features > platform > shared; folders are entered by index.ts. */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^bridge/src/shared/' },
      to: { path: '^bridge/(?!src/shared/)|^desk-ui' },
    },
    {
      name: 'platform-imports-down',
      severity: 'error',
      from: { path: '^bridge/src/platform/' },
      to: { path: '^bridge/src/(app|main|http|features|config)' },
    },
    {
      name: 'features-import-down',
      severity: 'error',
      from: { path: '^bridge/src/features/' },
      to: { path: '^bridge/src/(app|main|config)' },
    },
    {
      name: 'http-imports-down',
      severity: 'error',
      from: { path: '^bridge/src/http/' },
      to: { path: '^bridge/src/(app|main|features|config)' },
    },
    {
      name: 'feature-never-enters-another',
      severity: 'error',
      from: { path: `^bridge/src/features/${FEATURES}/` },
      to: { path: `^bridge/src/features/${FEATURES}/`, pathNot: '^bridge/src/features/$1/' },
    },
    {
      name: 'enter-platform-by-index',
      severity: 'error',
      from: { path: '^bridge/src/(?!platform/)' },
      to: {
        path: '^bridge/src/platform/[^/]+/',
        pathNot: '^bridge/src/platform/[^/]+/(index|schema)\\.ts$',
      },
    },
    {
      name: 'enter-other-platform-by-index',
      severity: 'error',
      from: { path: '^bridge/src/platform/([^/]+)/' },
      to: {
        path: '^bridge/src/platform/[^/]+/',
        pathNot: '^bridge/src/platform/($1/|[^/]+/(index|schema)\\.ts$)',
      },
    },
    {
      name: 'app-enters-features-by-index',
      severity: 'error',
      from: { path: '^bridge/src/(app|main)' },
      to: {
        path: '^bridge/src/(features|http)/.+',
        pathNot: '^bridge/src/(features/[^/]+|http)/index\\.ts$',
      },
    },
    {
      name: 'sandbox-imports-shared-only',
      severity: 'error',
      from: { path: '^bridge/sandbox/' },
      to: { path: '^bridge/src/(?!shared/)' },
    },
    {
      name: 'src-imports-no-sandbox',
      severity: 'error',
      from: { path: '^bridge/src/' },
      to: { path: '^bridge/(sandbox|tests|bench)/' },
    },
    {
      name: 'pages-import-shared-types-only',
      severity: 'error',
      from: { path: '^desk-ui/src/' },
      to: { path: '^bridge/(?!src/shared/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'node_modules|/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.vue', '.json'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
}
