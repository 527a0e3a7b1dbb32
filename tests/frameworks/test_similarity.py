"""Two texts that say the same but for a slip of the pen, and two that only look like it."""

import pytest

from frameworks.similarity import same_meaning

# Each pair is read both ways.
OTHERS = """\
Delisted securities|Deleted securities
Clawback letters|Callback letters
Each counterparty|Each counterpart
Onboard clients|Outboard clients
Re-sign the form|Resign the form
Re-cover losses|Recover losses
Tell clients, not only brokers|Tell clients not, only brokers
Pay fees only, when asked|Pay fees, only when asked
Do not, stop orders|Do not stop orders
The payor signs|The payer signs
The optionee signs|The optioned signs
Novate trades|Notate trades
Novation of trades|Notation of trades
The designee files|The designer files
Forex trades|Fore trades
Preclear trades|Preclean trades
Repo trades|Reps trades
Presale checks|Presage checks
Putable bonds|Potable bonds
Rebill fees|Refill fees
Rebooked trades|Rebooted trades
Uplist shares|Uplift shares
Tranche fees|Trance fees
Scrip issue|Script issue
Underlier prices|Underlies prices
Delist shares|Desist shares
Lookup accounts|Lockup accounts
Debtor lists|Debtors lists
Licensor terms|Licenser terms
Depositaries list|Depositories list
Indorser notes|Indorsed notes
Mortgagor files|Mortgagee files
Assignor signs|Assignee signs
Lessor signs|Lesser signs
Trade tickets|Trace tickets
Buy orders|Bay orders
Sell orders|Cell orders
Accrued fees|Accursed fees
Margined accounts|Marginal accounts
Subledger entries|Ledger entries
Unhedged books|Hedged books
Prefunded trades|Refunded trades
Misbooked trades|Rebooked trades
Prematched trades|Rematched trades
Intraday prices|Interday prices
Intermonth spread|Intramonth spread
Insource files|Outsource files
Chargeback files|Charge back files
Allow access|Allows access
Certify forms|Certified forms
Expected fees|Excepted fees
Affect trades|Effect trades
Assure clients|Ensure clients
Ensure the account|Insure the account
Principal trades|Principle trades
Personal files|Personnel files
Adverse market|Averse market
Elicit data|Illicit data
Cite rules|Site rules
Devise plans|Device plans
Advice clients|Advise clients
Statue of limits|Statute of limits
Formerly held|Formally held
Perspective client|Prospective client
Complement orders|Compliment orders
Proceed now|Precede now
Defer tax|Differ tax
FINRA rules|FINTA rules
T+1 settlement|T+2 settlement
1.5 hours|15 hours
$5 fees|€5 fees
Authorized|Unauthorized
Covered call|Uncovered call
Un-ionized staff|Unionized staff
Credit the account|Credit to account
Check, but do not file|Check but do, not file
Long positions|Lone positions
Cash account|Crash account
Call option|Cell option
"""
SLIPS = """\
Seperate accounts|Separate accounts
Acurate forms|Accurate forms
Accuratley|Accurately
Recieve calls|Receive calls
Acommodate clients|Accommodate clients
Transferr funds|Transfer funds
Complaince desk|Compliance desk
Brokreage office|Brokerage office
Supervison needed|Supervision needed
Managment|Management
Proceedure|Procedure
Settelment|Settlement
Reconcilation|Reconciliation
Organise files|Organize files
Prioritise work|Prioritize work
Analyse data|Analyze data
Documnet|Document
Verfy details|Verify details
Confrim trades|Confirm trades
Occured|Occurred
Begining|Beginning
Adress|Address
Goverment bonds|Government bonds
Independant|Independent
Responsability|Responsibility
Neccessary|Necessary
Priviledge|Privilege
Ocasional|Occasional
Enviroment|Environment
Recomend|Recommend
Refered|Referred
Succesful|Successful
Untill|Until
Wich|Which
Custmer|Customer
Clinet files|Client files
Acount|Account
Transacton|Transaction
Regulatroy|Regulatory
Repotr|Report
Distribtion|Distribution
Discrepency|Discrepancy
Dividand|Dividend
Commision|Commission
Withdrawl|Withdrawal
Liason|Liaison
Correspondance|Correspondence
Judgment calls|judgment calls
Send an e-mail|Send an email
Day-to-day work|Day to day work
The firm's rules|The firms rules
Buy and sell|Buy & sell
10-12 orders|10\u201312 orders
Forms — file|Forms - file
Forms; file them|Forms, file them
FILE FORMS|File forms
File forms.|File forms
“File” forms|"File" forms
Follow-up calls|Follow up calls
Over-the-counter trades|Over the counter trades
Re-evaluate  cases|re-evaluate cases
Calls, mail, and fax|Calls, mail and fax
Only file forms.|Only file forms
Accuratly, not quickly|Accurately, not quickly
Pre-approved forms|Preapproved forms
"""


@pytest.mark.parametrize("pair", OTHERS.splitlines())
def test_one_word_for_another_is_never_a_slip_of_the_pen(pair):
    one, other = pair.split("|")

    assert not same_meaning(one, other)
    assert not same_meaning(other, one)


@pytest.mark.parametrize("pair", SLIPS.splitlines())
def test_a_slip_of_the_pen_is_the_same(pair):
    one, other = pair.split("|")

    assert same_meaning(one, other)
    assert same_meaning(other, one)
