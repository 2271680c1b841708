/** Frequent words that tell a language; English ones count against the others. */
const WORDS: Record<string, string> = {
  en: 'a an as at be but can could has have here how i if into it its like make need no not now or please so some soon than them then there they those was were will would you your get give list create invoice invoices customer customers supplier suppliers order orders quotation open unpaid overdue paid new add change set the of to and for is are in on what which how show me my our with this that last all please many much who from by it do does we us',
  de: 'zeig alle überfällige überfälligen unbezahlte unbezahlten der die das und ist sind wie viele wieviel welche zeige mir bitte für von mit nicht ein eine einen alle meine unsere kunden rechnung rechnungen angebot auftrag aufträge letzten diesen monat wir haben ich erstelle lieferanten offene offenen gibt es im den dem zu über',
  fr: 'affiche liste toutes impayée retard ouvertes le la les des une est sont combien quels quelles montre moi pour avec pas mes nos clients facture factures devis commande commandes ce mois nous avons je créer fournisseurs du au aux et qui dernier impayées',
  es: 'muestra vencidas abiertas impagadas el los las una es son cuántos cuántas cuáles muéstrame para con mis nuestros clientes factura facturas pedido pedidos este mes tenemos crear proveedores del por favor qué y último pendientes',
  it: 'mostra elenca scadute scaduti aperte aperti pagate fornitori il gli lo le della delle una è sono quanti quante quali mostrami con tutti miei nostri clienti fattura fatture ordine ordini questo mese abbiamo crea fornitori che ultimo',
  nl: 'toon laat zien onbetaalde het een zijn hoeveel welke toon mij voor met niet alle mijn onze klanten factuur facturen offerte bestelling bestellingen deze maand wij hebben maak leveranciers van graag openstaande',
  pt: 'mostra vencidas abertas aberto os as uma é são quantos quantas quais mostre para com meus nossos clientes fatura faturas pedido pedidos este mês temos criar fornecedores do da por favor não',
}

const SETS = Object.entries(WORDS).map(
  ([code, words]) => [code, new Set(words.split(' '))] as const,
)
const OTHER_SCRIPT =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Arabic}\p{Script=Cyrillic}\p{Script=Devanagari}\p{Script=Hebrew}\p{Script=Thai}\p{Script=Greek}\p{Script=Tamil}]/u

function ofScript(letters: string): string {
  if (/\p{Script=Devanagari}/u.test(letters)) return 'hi'
  return /\p{Script=Arabic}/u.test(letters) ? 'ar' : 'other'
}

/** The language a text is in, as far as its small words tell; English when nothing speaks against it. */
export function languageOf(text: string): string {
  const letters = text.match(/\p{L}/gu) ?? []
  const foreign = letters.filter((letter) => OTHER_SCRIPT.test(letter))
  if (foreign.length * 2 > letters.length && letters.length > 0) return ofScript(foreign.join(''))
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? []
  const counts = SETS.map(
    ([code, set]) => [code, words.filter((word) => set.has(word)).length] as const,
  )
  const english = counts.find(([code]) => code === 'en')![1]
  const [code, count] = counts.filter(([other]) => other !== 'en').sort((a, b) => b[1] - a[1])[0]!
  return count > english && (count >= 2 || (count === 1 && english === 0 && words.length <= 4))
    ? code
    : 'en'
}
