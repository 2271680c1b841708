import { defineConfigWithVueTs, vueTsConfigs } from '@vue/eslint-config-typescript'
import prettier from 'eslint-config-prettier'
import vue from 'eslint-plugin-vue'

const RAW_POOL =
  'Stores take a transaction of withTenant(...) or withSystem(reason), never the pool.'

export default defineConfigWithVueTs(
  {
    ignores: [
      '**/dist/**',
      'node_modules/**',
      'frappe-app/**',
      '.steward/**',
      '.venv/**',
      'bridge/bench/evaluation/**',
    ],
  },
  vue.configs['flat/recommended'],
  vueTsConfigs.recommended,
  prettier,
  {
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['bridge/src/**/*.ts'],
    ignores: ['bridge/src/platform/database/**', 'bridge/src/platform/jobs/**'],
    rules: {
      'no-restricted-imports': ['error', { paths: [{ name: 'pg', message: RAW_POOL }] }],
    },
  },
  {
    files: [
      'scripts/**',
      '.ci/**',
      'bridge/bench/**',
      'bridge/tests/**',
      'bridge/sandbox/main.ts',
      'bridge/src/main.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['bridge/tests/**'],
    rules: { 'max-lines': 'off' },
  },
)
