/** `[name, type of account, children]`; a leaf has no children. */
export type AccountNode = [name: string, type: string, children?: AccountNode[]]

type RootType = 'Asset' | 'Liability' | 'Equity' | 'Income' | 'Expense'

/** A small trading company's chart; the accounts that Company points to are among them. */
export const CHART: [root: RootType, node: AccountNode][] = [
  [
    'Asset',
    [
      'Application of Funds (Assets)',
      '',
      [
        [
          'Current Assets',
          '',
          [
            [
              'Accounts Receivable',
              '',
              [
                ['Debtors', 'Receivable'],
                ['Debtors EUR', 'Receivable'],
              ],
            ],
            [
              'Bank Accounts',
              'Bank',
              [
                ['Checking', 'Bank'],
                ['Savings', 'Bank'],
              ],
            ],
            ['Cash In Hand', 'Cash', [['Cash', 'Cash']]],
            ['Stock Assets', 'Stock', [['Stock In Hand', 'Stock']]],
            ['Tax Assets', '', [['Input Tax', 'Tax']]],
            ['Temporary Accounts', '', [['Temporary Opening', 'Temporary']]],
          ],
        ],
        [
          'Fixed Assets',
          '',
          [
            ['Office Equipment', 'Fixed Asset'],
            ['Vehicles', 'Fixed Asset'],
          ],
        ],
      ],
    ],
  ],
  [
    'Liability',
    [
      'Source of Funds (Liabilities)',
      '',
      [
        [
          'Current Liabilities',
          '',
          [
            ['Accounts Payable', '', [['Creditors', 'Payable']]],
            [
              'Stock Liabilities',
              '',
              [['Stock Received But Not Billed', 'Stock Received But Not Billed']],
            ],
            [
              'Duties and Taxes',
              '',
              [
                ['Sales Tax', 'Tax'],
                ['Freight Charged', 'Tax'],
              ],
            ],
          ],
        ],
      ],
    ],
  ],
  [
    'Equity',
    [
      'Equity',
      '',
      [
        ['Capital Stock', 'Equity'],
        ['Retained Earnings', 'Equity'],
      ],
    ],
  ],
  [
    'Income',
    [
      'Income',
      '',
      [
        [
          'Direct Income',
          '',
          [
            ['Sales', 'Income Account'],
            ['Service', 'Income Account'],
          ],
        ],
        ['Indirect Income', '', [['Interest Income', 'Income Account']]],
      ],
    ],
  ],
  [
    'Expense',
    [
      'Expenses',
      '',
      [
        [
          'Direct Expenses',
          '',
          [
            [
              'Stock Expenses',
              '',
              [
                ['Cost of Goods Sold', 'Cost of Goods Sold'],
                ['Stock Adjustment', 'Stock Adjustment'],
              ],
            ],
          ],
        ],
        [
          'Indirect Expenses',
          '',
          [
            ['Office Rent', 'Expense Account'],
            ['Utilities', 'Expense Account'],
            ['Salary', 'Expense Account'],
            ['Marketing', 'Expense Account'],
            ['Freight and Forwarding', 'Chargeable'],
            ['Round Off', 'Round Off'],
            ['Write Off', 'Expense Account'],
            ['Exchange Gain/Loss', 'Expense Account'],
          ],
        ],
      ],
    ],
  ],
]
