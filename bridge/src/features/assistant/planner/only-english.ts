/** Said where no model is set up and the site's labels do not carry the request. */
const SAID: Record<string, string> = {
  de: 'Ohne Sprachmodell verstehe ich nur Englisch. Bitte stellen Sie die Frage auf Englisch, oder lassen Sie in den Einstellungen ein Modell einrichten.',
  fr: "Sans modèle de langue, je ne comprends que l'anglais. Posez la question en anglais, ou faites configurer un modèle dans les réglages.",
  es: 'Sin un modelo de lenguaje solo entiendo inglés. Haga la pregunta en inglés o pida que se configure un modelo en los ajustes.',
  it: 'Senza un modello linguistico capisco solo l’inglese. Fate la domanda in inglese, oppure fate configurare un modello nelle impostazioni.',
  pt: 'Sem um modelo de linguagem só entendo inglês. Faça a pergunta em inglês ou peça que um modelo seja configurado nas definições.',
  nl: 'Zonder taalmodel begrijp ik alleen Engels. Stel de vraag in het Engels, of laat in de instellingen een model instellen.',
  hi: 'भाषा मॉडल के बिना मैं केवल अंग्रेज़ी समझता हूँ। कृपया प्रश्न अंग्रेज़ी में पूछें, या सेटिंग्स में एक मॉडल जुड़वाएँ।',
  ar: 'من دون نموذج لغوي لا أفهم إلا الإنجليزية. يُرجى طرح السؤال بالإنجليزية، أو طلب إعداد نموذج في الإعدادات.',
}

/** That only English is understood here, in the language of the request as far as it is known. */
export function onlyEnglish(language: string): string {
  return (
    SAID[language] ??
    'Without a language model I only understand English. Please ask in English, or have a model set up in Settings.'
  )
}
