<?php
/**
 * Vocabulary of the synthetic newsroom. All persons are invented; the institutions exist.
 * Slots: {P1} {P2} person with role, {p1} {p2} surname, {place} {place2} {country} {org} {n} {n2} {pct}
 * {day} {month} {year}.
 */

const EWB_PEOPLE = [
    // role, full name, surname
    ['NATO Deputy Secretary for Operations', 'Henrik Aldersund', 'Aldersund'],
    ['EU Special Envoy', 'Marika Tolvanen', 'Tolvanen'],
    ['President of the Assembly', 'Vlora Kelmendi', 'Kelmendi'],
    ['Minister for European Integration', 'Jelena Radojčić', 'Radojčić'],
    ['Deputy Prime Minister', 'Arben Dushku', 'Dushku'],
    ['Head of the EU Delegation', 'Tomás Ferreira-Lopes', 'Ferreira-Lopes'],
    ['Minister of Foreign Affairs', 'Bojan Stefanoski', 'Stefanoski'],
    ['Chief Negotiator', 'Ana Vukčević', 'Vukčević'],
    ['Member of the European Parliament', 'Lukas Brandtner', 'Brandtner'],
    ['OSCE Head of Mission', 'Siobhán O’Rafferty', 'O’Rafferty'],
    ['Mayor', 'Emir Hadžimuratović', 'Hadžimuratović'],
    ['Minister of Justice', 'Nikola Đurašević', 'Đurašević'],
    ['KFOR Commander', 'General Paolo Bergamaschi', 'Bergamaschi'],
    ['Governor of the Central Bank', 'Dritan Lleshaj', 'Lleshaj'],
    ['European Commissioner', 'Katalin Váradi', 'Váradi'],
    ['opposition leader', 'Mirjana Pantelić', 'Pantelić'],
    ['Minister of Energy', 'Fatos Bregu', 'Bregu'],
    ['Ombudsperson', 'Teuta Shllaku', 'Shllaku'],
    ['researcher at the Belgrade Policy Forum', 'Stefan Mijatović', 'Mijatović'],
    ['professor at the University of Sarajevo', 'Amra Selimović', 'Selimović'],
    ['Secretary General of the Regional Council', 'Goran Petrušev', 'Petrušev'],
    ['State Secretary', 'Ivana Knežević-Matić', 'Knežević-Matić'],
    ['French Minister for Europe', 'Claire Montrésor', 'Montrésor'],
    ['Director of the Media Watch Network', 'Besa Gjoka', 'Gjoka'],
];

const EWB_PLACES = [
    // place as written in text, dateline, country
    ['Pristina', 'PRISTINA', 'Kosovo'],
    ['Belgrade', 'BELGRADE', 'Serbia'],
    ['Skopje', 'SKOPJE', 'North Macedonia'],
    ['Podgorica', 'PODGORICA', 'Montenegro'],
    ['Tirana', 'TIRANA', 'Albania'],
    ['Sarajevo', 'SARAJEVO', 'Bosnia and Herzegovina'],
    ['Brussels', 'BRUSSELS', 'EU'],
    ['Novi Sad', 'NOVI SAD', 'Serbia'],
    ['Banja Luka', 'BANJA LUKA', 'Bosnia and Herzegovina'],
    ['Ohrid', 'OHRID', 'North Macedonia'],
    ['Mitrovica', 'MITROVICA', 'Kosovo'],
    ['Bar', 'BAR', 'Montenegro'],
    ['Durrës', 'DURRËS', 'Albania'],
    ['Niš', 'NIŠ', 'Serbia'],
    ['Strasbourg', 'STRASBOURG', 'EU'],
    ['Vienna', 'VIENNA', 'EU'],
];

const EWB_AUTHORS = [
    // login, display name, bio
    ['ewb-archives', 'EWB Archives', ''],
    ['ewb', 'European Western Balkans', 'Newsroom of the portal.'],
    ['sofija-zivkovic', 'Sofija Živković', 'Journalist covering EU enlargement and the rule of law.'],
    ['aleksandar-ilic', 'Aleksandar Ilić', 'Editor and political scientist from Belgrade.'],
    ['valon-rexhepi', 'Valon Rexhepi', 'Correspondent from Pristina.'],
    ['marija-trajkovska', 'Marija Trajkovska', 'Correspondent from Skopje. Writes in English and Macedonian.'],
    [
        'dr-amina-kovac',
        'Dr. Amina Kovač',
        'Guest author. Senior Research Fellow at the Institute for Democratic Transition in Sarajevo.',
    ],
    ['lars-oconnell', 'Lars O’Connell-Søndergaard', 'Guest author. Former diplomat.'],
];

const EWB_CATEGORIES = [
    // slug => (name, parent slug)
    'news' => ['News', ''],
    'politics' => ['Politics', ''],
    'enlargement' => ['EU Enlargement', ''],
    'security' => ['Security & Defence', ''],
    'economy' => ['Economy', ''],
    'society' => ['Society', ''],
    'media' => ['Media', ''],
    'environment' => ['Energy and Environment', ''],
    'opinion' => ['Opinion', ''],
    'interviews' => ['Interviews', ''],
    'analysis' => ['Analysis', ''],
    'in-pictures' => ['In Pictures', ''],
    'countries' => ['Countries', ''],
    'serbia' => ['Serbia', 'countries'],
    'kosovo' => ['Kosovo*', 'countries'],
    'north-macedonia' => ['North Macedonia', 'countries'],
    'montenegro' => ['Montenegro', 'countries'],
    'albania' => ['Albania', 'countries'],
    'bih' => ['Bosnia and Herzegovina', 'countries'],
    'eu' => ['EU', 'countries'],
    'regionalni-jezici' => ['Na jezicima regiona', ''],
];

const EWB_COUNTRY_SLUG = [
    'Serbia' => 'serbia',
    'Kosovo' => 'kosovo',
    'North Macedonia' => 'north-macedonia',
    'Montenegro' => 'montenegro',
    'Albania' => 'albania',
    'Bosnia and Herzegovina' => 'bih',
    'EU' => 'eu',
];

const EWB_CREDITS = [
    // separator + label as displayed, credit as it must come out
    ['; Photo: ', 'NATO'],
    ['; Photo: ', 'European Union'],
    ['; Photo: ', 'Tanjug / Marko Velimirović'],
    ['; Photo: ', 'FoNet'],
    [' / Photo: ', 'Wikimedia Commons'],
    ['; Photo: ', 'Flickr / European Council'],
    ['. Photo: ', 'EWB'],
    ['; Photo: ', 'Government of North Macedonia'],
    ['; Source: ', 'Pixabay'],
    ['; Photo: ', 'Twitter / @regional_council'],
    [', © ', 'European Union, 2023'],
    [' (Photo: ', 'Beta / Andrej Lončar', ')'],
    ['', ''], // caption without credit
];

/* topic => section, tags, headlines, leads, bodies, quotes, subheads, captions */
const EWB_TOPICS = [
    'security' => [
        'sections' => ['security'],
        'tags' => ['NATO', 'KFOR', 'Belgrade – Pristina dialogue'],
        'headlines' => [
            '{p1}: NATO considering whether to extend its presence in {country}',
            'KFOR adds {n} troops as patrols around {place} are stepped up',
            '{p1} calls for restraint after incident near {place}',
            'NATO “ready to respond” to any threat in {country}, {p1} says',
            'After the incident: What changes for KFOR in {place}?',
            '{p1} and {p2} meet in {place}: Dialogue remains the only way',
        ],
        'leads' => [
            '{P1} met with {P2} in {place} on {day} to discuss the security situation in {country} and the wider region.',
            'The security situation in {country} remains fragile and requires restraint from all sides, {P1} said on {day} after a meeting with {P2}.',
            'Around {n} additional troops will be deployed in the coming weeks, {P1} announced in {place} on {day}.',
            'The representatives of the international community in {place} expressed concern on {day} over the latest incident, which left {n2} people injured.',
        ],
        'bodies' => [
            'During the press conference, {p1} condemned the outbreak of violence and recalled that those responsible must be held to account.',
            'According to {p1}, these steps will ensure that the mission has the forces, capabilities and flexibility to fulfil its UN mandate.',
            '{p2} expressed strong support for the EU-facilitated dialogue and welcomed the latest proposals on the implementation of the agreements reached so far.',
            'The mission currently numbers some {n} soldiers from {n2} countries, most of whom are stationed in the north.',
            'Answering the question whether the additional troops would stay, {p1} said that a unanimous decision of all Allies is required.',
            'The last time a comparable reinforcement took place was in {year}, following several weeks of road blockades.',
            'Local residents told the portal that the situation on the ground has been calm since {day}, although fewer people are crossing the bridge than usual.',
            'The next meeting of the joint commission is expected to take place in {place2} by the end of {month}.',
            '{p2} underlined that freedom of movement must be guaranteed for every community, “without exceptions and without delay”.',
        ],
        'quotes' => [
            '“We will do what is necessary to maintain a safe and secure environment for all people”, {p1} said.',
            '“There is no alternative to dialogue. Every day without it is a day lost”, {p2} underlined.',
            '“We are considering the arrangements regarding our presence and we will decide together with the Allies”, {p1} stated.',
            '“What happened on {day} must not happen again”, {p2} concluded.',
        ],
        'subheads' => [
            'Reinforcement without a deadline',
            'What do the Allies say?',
            'Life on both sides of the bridge',
        ],
        'captions' => [
            '{p1} with {p2} in {place}',
            'KFOR patrol near {place}',
            '{P1} addressing the press in {place}',
            'Bridge in {place}',
        ],
    ],
    'enlargement' => [
        'sections' => ['enlargement'],
        'tags' => ['EU enlargement', 'Accession negotiations', 'European Commission'],
        'headlines' => [
            '{p1}: {country} can close {n2} chapters by the end of the year',
            'EU – Western Balkans Summit: Leaders to discuss gradual integration',
            'European Parliament adopts report on {country} with {n} votes in favour',
            '{p1} in {place}: Enlargement is “a merit-based process”',
            'What does the new methodology mean for {country}?',
            'Commission’s report on {country}: Progress limited, reforms needed',
            '{p2}: “The ball is in {country}’s court”',
        ],
        'leads' => [
            'The negotiating process of {country} depends primarily on the rule of law, {P1} said at a conference held in {place} on {day}.',
            '{P1} arrived in {place} on {day}, where the main topic of the talks with {P2} was the continuation of the accession negotiations.',
            'Members of the European Parliament adopted the report on {country} with {n} votes in favour, {n2} against and 41 abstentions.',
            'A month before the publication of the annual report, {P2} presented the priorities of the Government until the end of the year.',
        ],
        'bodies' => [
            '{country} has so far opened {n2} chapters, while two have been provisionally closed.',
            'The process of accession, {p1} recalled, is not a technical exercise but a transformation of the whole society.',
            'The Commission assesses that {country} has some level of preparation in the area of the fight against corruption, with limited progress made over the reporting period.',
            '{p2} pointed out that the support of the citizens for membership has remained stable at around {pct} percent.',
            'Civil society organisations warn, however, that the working groups have not met since {month}.',
            'The gradual integration into the single market, as proposed by the Growth Plan, would allow the countries of the region to feel the benefits before membership.',
            'The Council is expected to discuss the conclusions in {month}, and any decision requires the unanimity of the 27 member states.',
            'According to the draft seen by the portal, the assessment of the functioning of the judiciary was changed in the last round of consultations.',
            'The report also regrets that the alignment with the Common Foreign and Security Policy stands at {pct} percent.',
        ],
        'quotes' => [
            '“Geopolitics has returned to enlargement, but the fundamentals come first”, {p1} emphasised.',
            '“We are not asking for shortcuts, we are asking for the same rules for everyone”, {p2} told the journalists.',
            '“The year {year} is realistic only if the reforms start today”, {p1} assessed.',
            '“Citizens do not live in chapters and clusters. They live in towns with bad air and slow courts”, {p2} said.',
        ],
        'subheads' => ['Fundamentals first', 'Gradual integration', 'Member states divided', 'Who delays the reforms?'],
        'captions' => [
            '{P1} in {place}',
            'Flags in front of the Berlaymont building',
            'Plenary session of the European Parliament',
            '{p1} and {p2} at the press conference in {place}',
        ],
    ],
    'economy' => [
        'sections' => ['economy'],
        'tags' => ['Growth Plan', 'Common Regional Market', 'Economy'],
        'headlines' => [
            'World Bank: {country}’s economy to grow by {pct}% — inflation slows down',
            'Growth Plan: {n} million euros for {country}',
            '{p1}: Roaming charges with the EU to fall “by the end of {month}”',
            'Western Balkans lose {n} million euros a year at border crossings',
            'Foreign investments & wages: {country} in five charts',
        ],
        'leads' => [
            'The economy of {country} is expected to grow by {pct} percent this year, according to the report presented in {place} on {day}.',
            '{P1} and {P2} signed an agreement in {place} on {day} worth {n} million euros.',
            'Waiting times at the border crossings cost the companies from the region {n} million euros a year, shows the analysis presented on {day}.',
        ],
        'bodies' => [
            'The largest part of the funds, {n} million euros, is intended for railways, energy and digital infrastructure.',
            'Payments will be made twice a year, provided that the steps from the reform agenda have been fulfilled.',
            '{p1} explained that small and medium-sized enterprises will be able to apply for the funds from {month}.',
            'Inflation, which peaked in {year}, has been slowing down, although the prices of food are still {pct} percent higher than a year ago.',
            '“Green lanes”, introduced during the pandemic, have shortened the waiting time by {n2} minutes on average.',
            'Economists warn that the convergence with the EU would take several decades at the current pace.',
            'The unemployment rate fell to {pct} percent, while the number of young people leaving the country has not decreased.',
        ],
        'quotes' => [
            '“Access to the single market is the best news that our companies have had in years”, {p1} said.',
            '“The funds are there. The question is whether the administrations can absorb them”, {p2} warned.',
            '“An hour less at the border means more than any subsidy”, {p2} stated.',
        ],
        'subheads' => ['Where will the money go?', 'Conditions and deadlines', 'Prices and wages'],
        'captions' => [
            'Trucks at the border crossing near {place}',
            'Signing of the agreement in {place}',
            '{p1} at the business forum in {place}',
        ],
    ],
    'ruleoflaw' => [
        'sections' => ['politics'],
        'tags' => ['Rule of law', 'Judiciary', 'Venice Commission'],
        'headlines' => [
            'Venice Commission on {country}: Amendments address “key recommendations”',
            '{p1}: Independence of prosecutors still “on paper only”',
            'Vetting in {country}: {n} judges dismissed, {n2} cases pending',
            'Parliament in {place} adopts judicial laws after {n2}-hour debate',
            'GRECO: {country} fulfilled {n2} recommendations',
        ],
        'leads' => [
            'The amendments to the judicial laws of {country} address the key recommendations, the Venice Commission assessed in the opinion adopted on {day}.',
            'Members of Parliament in {place} adopted the set of judicial laws on {day} after a debate that lasted {n2} hours.',
            '{P1} said on {day} that the appointment of the new members of the High Prosecutorial Council was neither transparent nor inclusive.',
        ],
        'bodies' => [
            'Out of {n} judges and prosecutors who underwent the procedure, {pct} percent were confirmed in office.',
            'The opposition left the session before the vote, arguing that the procedure had been violated.',
            '{p1} recalled that the number of final convictions in high-level corruption cases remains low.',
            'The opinion welcomes the changed composition of the Council, but warns that the transitional provisions are ambiguous.',
            'Professional associations of judges stated that they had not been consulted since {month}.',
            '{p2} rejected the criticism and said that all remarks would be considered until the final adoption.',
            'The implementation of the laws will be monitored by a working group which also includes {n2} civil society organisations.',
        ],
        'quotes' => [
            '“Laws can be copied, practice cannot”, {p1} pointed out.',
            '“A prosecutor who waits for a phone call is not independent”, {p2} said.',
            '“This is the most important reform since {year}”, {p2} stressed.',
        ],
        'subheads' => ['From recommendation to law', 'Reactions', 'What comes next?'],
        'captions' => ['Parliament building in {place}', '{P1}', 'Palace of Justice in {place}'],
    ],
    'elections' => [
        'sections' => ['politics'],
        'tags' => ['Elections', 'OSCE/ODIHR', 'Opposition'],
        'headlines' => [
            'Elections in {country}: {pct}% of votes counted, turnout higher than in {year}',
            'ODIHR: Elections in {place} marred by pressure on voters',
            '{p1} declares victory in {place}; {p2} demands a recount',
            '{n} polling stations, {n2} lists: {country} votes on Sunday',
            'Who is who in the new Government of {country}?',
        ],
        'leads' => [
            'The citizens of {country} vote on Sunday at {n} polling stations, choosing between {n2} electoral lists.',
            '{P1} declared victory in the local elections in {place}, while {P2} requested a recount at {n2} polling stations.',
            'The election day was orderly, but the campaign was marked by pressure on public sector employees, the observers said in {place} on {day}.',
        ],
        'bodies' => [
            'According to the electoral commission, the turnout until 18:00 was {pct} percent.',
            'The observers noted irregularities at {n2} percent of the polling stations, mostly related to the secrecy of the vote.',
            '{p1} thanked the voters and announced that the negotiations on a coalition would begin on {day}.',
            'The electoral threshold is three percent, except for the lists of national minorities.',
            '{p2} said that the objections would be submitted within the legal deadline of 72 hours.',
            'Compared with the elections in {year}, the ruling coalition lost {n2} seats.',
            'The media coverage of the campaign was, according to the monitoring, dominated by public officials.',
        ],
        'quotes' => [
            '“This is a victory of the citizens and not of a single party”, {p1} declared.',
            '“We have documents, we have witnesses and we will not give up”, {p2} said.',
            '“Voters had a choice, but not equal conditions”, {p2} assessed.',
        ],
        'subheads' => ['Turnout and results', 'Observers: unequal conditions', 'Possible coalitions'],
        'captions' => [
            'Polling station in {place}',
            '{p1} in the election headquarters in {place}',
            'Counting of votes; archive',
        ],
    ],
    'environment' => [
        'sections' => ['environment'],
        'tags' => ['Energy Community', 'Air pollution', 'Green Agenda'],
        'headlines' => [
            'Air pollution in {place}: Limit exceeded on {n} days',
            '{p1}: Last coal plant in {country} to close “not before {year}”',
            'Energy Community opens case against {country}',
            'Protest in {place} against small hydropower plants: “Rivers are ours”',
            'CBAM and the Western Balkans: A tax or a chance?',
        ],
        'leads' => [
            'The daily limit value of PM10 particles was exceeded in {place} on {n} days last year, according to the report published on {day}.',
            'Several hundred citizens gathered in {place} on {day}, demanding a moratorium on the construction of small hydropower plants.',
            'The Secretariat of the Energy Community opened a dispute settlement case against {country}, {P1} confirmed on {day}.',
        ],
        'bodies' => [
            'Coal still accounts for {pct} percent of electricity production in {country}.',
            '{p1} said that the transition must be just and that no worker would be left without a job.',
            'The installed capacity of solar power plants has increased to {n} MW since {year}.',
            'Activists point out that the environmental impact assessment was prepared in {n2} days.',
            'The Carbon Border Adjustment Mechanism will apply in full from 2026, which worries the exporters of electricity and steel.',
            'Doctors from {place} have warned of a rise in the number of patients with respiratory problems in {month}.',
        ],
        'quotes' => [
            '“The river does not know where the border is”, {p2} told the gathered citizens.',
            '“Every year of delay will be paid for twice”, {p1} warned.',
            '“We breathe what we vote for”, reads one of the banners.',
        ],
        'subheads' => ['Coal until when?', 'Just transition', 'Citizens against the project'],
        'captions' => ['Smog over {place}', 'Thermal power plant near {place}', 'Protest in {place}'],
    ],
    'media' => [
        'sections' => ['media', 'society'],
        'tags' => ['Media freedom', 'SLAPP', 'Disinformation'],
        'headlines' => [
            '{p1}: Attacks on journalists in {country} “must have an epilogue in court”',
            '{n} attacks on journalists recorded in the region in {year}',
            'SLAPP suits in {country}: Small newsrooms, big claims',
            'Media Freedom Index: {country} falls by {n2} places',
        ],
        'leads' => [
            '{n} attacks on journalists were recorded in the Western Balkans in {year}, shows the report presented in {place} on {day}.',
            '{P1} warned in {place} on {day} that the number of lawsuits against journalists has doubled.',
            'International organisations called on the authorities of {country} on {day} to investigate the threats against the newsroom from {place}.',
        ],
        'bodies' => [
            'In {pct} percent of the cases the perpetrators have not been identified.',
            'The draft law on the media was changed {n2} times before it reached the Parliament.',
            '{p1} recalled that the ownership of the portals remains non-transparent.',
            'The portal from {place} has {n2} ongoing lawsuits, most of them filed by public officials.',
            '{p2} added that public broadcasters should be funded in a stable and predictable manner.',
            'Fact-checkers debunked {n} false claims about the accession process in the first half of {year}.',
        ],
        'quotes' => [
            '“A lawsuit does not have to be won in order to silence a newsroom”, {p1} explained.',
            '“Journalism is not a crime”, {p2} concluded.',
        ],
        'subheads' => ['Lawsuits as a method', 'Who finances the media?', 'Impunity'],
        'captions' => [
            'Protest of journalists in {place}',
            '{p1} at the presentation of the report',
            'Newsroom in {place}',
        ],
    ],
    'regional' => [
        'sections' => ['society'],
        'tags' => ['Regional cooperation', 'RYCO', 'Berlin Process'],
        'headlines' => [
            'Berlin Process: Agreement on recognition of diplomas signed in {place}',
            '{n} young people from the region gather in {place}',
            'From {place} to {place2} by train: “{n2} hours for a trip that once took five”',
            '{p1}: ID cards instead of passports from {month}',
        ],
        'leads' => [
            'The agreement on the recognition of professional qualifications was signed in {place} on {day} within the Berlin Process.',
            '{n} young people from six countries of the Western Balkans gathered in {place} on {day} for a week of workshops.',
            'Citizens of the region will be able to travel with an ID card only, {P1} announced in {place} on {day}.',
        ],
        'bodies' => [
            'The agreement covers doctors, dentists, nurses, architects and midwives.',
            '{p1} recalled that the railway between {place} and {place2} has not been in operation since {year}.',
            'The participants will visit memorials, local newsrooms and a youth centre in {place2}.',
            'More than {n} exchanges have been supported so far, most of them between secondary schools.',
            '{p2} announced that the ratification in the parliaments is expected by {month}.',
            'The next summit within the Berlin Process will be hosted by {place2}.',
        ],
        'quotes' => [
            '“We came with prejudices and left with phone numbers”, one of the participants said.',
            '“Cooperation is not a substitute for membership, but a preparation for it”, {p1} stressed.',
            '“A train is worth more than ten declarations”, {p2} said.',
        ],
        'subheads' => ['Youth exchanges', 'What does the agreement bring?', 'Trains that do not run'],
        'captions' => [
            'Participants of the exchange in {place}',
            'Railway station in {place}',
            'Family photo of the summit in {place}',
        ],
    ],
];

const EWB_BACKGROUND = [
    'Western Balkan countries have been promised membership since the Thessaloniki Summit in 2003.',
    'The statement was published on the official website and sent to the media on {day} evening.',
    'No comments were available from the cabinet by the time of the publication of this article.',
    '{country} applied for membership more than a decade ago, and the negotiations have been marked by long standstills.',
    'The same topic will be on the agenda of the ministerial meeting in {place2}, scheduled for {month}.',
    'The portal wrote about this in detail in {month}, when the first version of the document was leaked.',
    'In an earlier interview, {p2} described the cooperation with the civil sector as “demanding but necessary”.',
    'A similar proposal was rejected in {year}, when it received the support of only {n2} delegations.',
];

const EWB_QUESTIONS = [
    [
        'How do you assess the current state of reforms in {country}?',
        'I would say that the legislative part is almost finished, while the implementation is at the beginning. We have good laws that live only in the Official Gazette. That is why citizens rightly ask what has changed since {year}.',
    ],
    [
        'The Commission says “limited progress”. Is that fair?',
        'It is fair, and perhaps even generous. In some areas, such as public procurement, there is progress. In others we are repeating the same sentence for {n2} years in a row.',
    ],
    [
        'What is the role of the member states in all this?',
        'The member states speak with 27 voices. Some of them want enlargement as soon as possible, some want it in theory. {country} should not wait for them to agree, but should take away their excuses.',
    ],
    [
        'Do you expect that the date of {year} will be respected?',
        'Dates help administrations to plan, but they do not replace political will. If the date is used as a tool of mobilisation, it is useful. If it is used as a promise in a campaign, it does harm.',
    ],
    [
        'You spent several years in {place}. What did you learn there?',
        'That people are far ahead of their politicians. In {place} and in {place2} I met mayors who solve in one afternoon what ministries cannot solve in {n2} months.',
    ],
    [
        'How much does disinformation influence the public opinion?',
        'A lot, especially where trust in institutions is low. About {pct} percent of people in the region get their news from social networks only. The answer is not censorship, but good journalism and good schools.',
    ],
    [
        'What would be your message to young people who are leaving?',
        'I would not lecture them. I would rather ask them what they need in order to return. Most of them mention fair jobs, clean air and courts that work – and only then salaries.',
    ],
    [
        'Is there any good news at the end?',
        'There is. The number of companies that trade within the region has never been higher, and the cooperation of the universities is better than the cooperation of the governments.',
    ],
];

const EWB_OPED = [
    'headlines' => [
        'Why {country} needs less strategy and more practice',
        'The patience of {place}: Notes on a long accession',
        'Stabilitocracy, revisited',
        'Enlargement fatigue is a myth. Reform fatigue is not',
        'A letter to the next Commissioner',
    ],
    'paras' => [
        'Every autumn the same ritual repeats itself. A report is published, the ministers express satisfaction, the opposition expresses concern, and by the first snow nobody remembers the page numbers.',
        'I do not write this out of cynicism. I write it because I remember {year}, when the word “Europe” could still fill a square in {place}.',
        'There is a difference between stability and stagnation. The first one is built by institutions, the second one by the absence of alternatives. In {country} we have too often rewarded the latter in the hope of obtaining the former.',
        'The defenders of the current approach will say that there is no better one. They may be right. But it is worth recalling that the approach was designed for countries that wanted to be persuaded, and not for those that have learned to perform.',
        'What, then, is to be done? To begin with, money should follow reforms, and it should stop following promises. The Growth Plan is a step in that direction, if the conditions are applied without exception.',
        'Secondly, the citizens of {country} should be able to see the process. Not the flags and the handshakes, but the tables: who was obliged to do what, by when, and why it was not done.',
        'Finally, the European Union should speak the language of its own values, even when it is inconvenient. Silence is also a message, and it has been understood in {place} all too well.',
        'It is not too late. But the time when it was early has passed.',
    ],
    'bio' => [
        '{A} is a Senior Research Fellow at the Institute for Democratic Transition. The views expressed in this article are those of the author and do not necessarily reflect the position of the portal.',
        'The author is a former diplomat. The opinions expressed are solely those of the author.',
    ],
];

/* Regional languages: headlines, leads (after the dateline), bodies, captions with credits, tags, dateline places */
const EWB_LOCAL = [
    'sr-Latn' => [
        'locale' => 'sr-RS',
        'places' => ['BEOGRAD', 'NOVI SAD', 'NIŠ', 'SARAJEVO'],
        'tags' => ['Evropske integracije', 'Vladavina prava'],
        'credits' => ['Tanjug', 'FoNet / Ognjen Stevanović', 'Vlada Srbije'],
        'headlines' => [
            'Radojčić: Otvaranje klastera moguće već u decembru',
            'Građani Niša protiv nove deponije: „Nećemo da dišemo dim“',
            'Izveštaj Evropske komisije: napredak ograničen, reforme neophodne',
            'Od Beograda do Bara vozom: putovanje koje traje jedanaest sati',
            'Mladi iz regiona u Novom Sadu: „Došli smo s predrasudama, otišli s prijateljima“',
        ],
        'leads' => [
            'Ministarka za evropske integracije Jelena Radojčić izjavila je danas da je otvaranje novog klastera moguće do kraja godine ukoliko se ispune preostale obaveze.',
            'Nekoliko stotina građana okupilo se ispred gradske kuće tražeći da se obustavi izgradnja deponije u blizini izvorišta.',
            'Evropska komisija ocenila je u godišnjem izveštaju da je ostvaren ograničen napredak u oblasti borbe protiv korupcije.',
        ],
        'bodies' => [
            'Ona je podsetila da je Srbija do sada otvorila 22 poglavlja, dok su dva privremeno zatvorena.',
            '„Ne tražimo prečice, tražimo ista pravila za sve“, rekla je Radojčić novinarima.',
            'Predstavnici organizacija civilnog društva upozoravaju da se radne grupe nisu sastajale od marta.',
            'Prema rečima sagovornika portala, najviše primedaba odnosi se na izbor članova Visokog saveta tužilaštva.',
            'Sledeća sednica zakazana je za četvrtak, a očekuje se i dolazak šefa Delegacije EU.',
            'Đaci i žitelji okolnih sela ističu da ih niko nije pitao za mišljenje.',
            'U saopštenju se navodi da će svi predlozi biti razmotreni do usvajanja konačnog teksta zakona.',
        ],
        'captions' => [
            'Jelena Radojčić na konferenciji za novinare',
            'Protest ispred gradske kuće',
            'Železnička stanica u Baru',
        ],
        'label' => 'Foto',
    ],
    'sq' => [
        'locale' => 'sq',
        'places' => ['TIRANË', 'PRISHTINË', 'DURRËS'],
        'tags' => ['Integrimi evropian', 'Shteti i së drejtës'],
        'credits' => ['ATSH', 'Kuvendi i Kosovës', 'Bashkia Durrës'],
        'headlines' => [
            'Dushku: Negociatat do të përshpejtohen gjatë vitit të ardhshëm',
            'Raporti për vendin: përparim i kufizuar, reformat mbeten të domosdoshme',
            'Qytetarët në protestë kundër hidrocentraleve: “Lumenjtë janë tanët”',
            'Të rinjtë e rajonit takohen në Durrës për një javë punë dhe miqësi',
        ],
        'leads' => [
            'Zëvendëskryeministri Arben Dushku deklaroi të hënën se negociatat e anëtarësimit do të përshpejtohen nëse zbatohen reformat e mbetura.',
            'Qindra qytetarë u mblodhën sot para ndërtesës së qeverisë për të kërkuar ndalimin e ndërtimit të hidrocentraleve të vogla.',
            'Komisioni Evropian vlerësoi në raportin vjetor se është shënuar përparim i kufizuar në luftën kundër korrupsionit.',
        ],
        'bodies' => [
            'Sipas tij, hapat e ndërmarrë deri më tani tregojnë se administrata ka kapacitetet e nevojshme.',
            '“Nuk kërkojmë rrugë të shkurtra, kërkojmë të njëjtat rregulla për të gjithë”, u shpreh Dushku para gazetarëve.',
            'Organizatat e shoqërisë civile paralajmërojnë se grupet e punës nuk janë mbledhur që nga muaji mars.',
            'Mbështetja e qytetarëve për anëtarësimin mbetet e lartë, rreth 92 për qind.',
            'Takimi i radhës pritet të mbahet në Bruksel në fund të muajit nëntor.',
            'Çështja e pronësisë së mediave është një nga pikat më të ndjeshme të raportit.',
        ],
        'captions' => [
            'Arben Dushku gjatë konferencës për shtyp',
            'Protesta në sheshin kryesor',
            'Pamje nga porti i Durrësit',
        ],
        'label' => 'Foto',
    ],
    'mk' => [
        'locale' => 'mk-MK',
        'places' => ['СКОПЈЕ', 'ОХРИД', 'БИТОЛА'],
        'tags' => ['Европска интеграција', 'Владеење на правото'],
        'credits' => ['Влада на РСМ', 'МИА', 'Општина Охрид'],
        'headlines' => [
            'Стефаноски: Преговорите зависат од уставните измени',
            'Извештај на Европската комисија: ограничен напредок, потребни се реформи',
            'Загадувањето во Скопје: граничната вредност надмината 89 дена',
            'Млади од регионот на летна школа во Охрид: „Дојдовме со предрасуди, си одиме со пријатели“',
        ],
        'leads' => [
            'Министерот за надворешни работи Бојан Стефаноски изјави во понеделникот дека продолжувањето на преговорите зависи од уставните измени.',
            'Дневната гранична вредност на честичките ПМ10 минатата година во Скопје беше надмината 89 дена, покажува извештајот објавен денеска.',
            'Европската комисија во годишниот извештај оцени дека е остварен ограничен напредок во борбата против корупцијата.',
        ],
        'bodies' => [
            'Тој потсети дека скринингот е завршен и дека земјата е подготвена за следниот чекор.',
            '„Не бараме кратенки, туку исти правила за сите“, рече Стефаноски пред новинарите.',
            'Граѓанските организации предупредуваат дека работните групи не се состанале од март.',
            'Поддршката на граѓаните за членството е околу 68 проценти, што е помалку од минатата година.',
            'Следниот состанок се очекува да се одржи во Брисел кон крајот на ноември.',
            'Ќе бидат разгледани сите предлози, се наведува во соопштението, вклучувајќи ги и забелешките на ѓаците и студентите.',
        ],
        'captions' => ['Бојан Стефаноски на прес-конференција', 'Смог над Скопје', 'Учесници на школата во Охрид'],
        'label' => 'Фото',
    ],
];

const EWB_MONTHS = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
];

/** Serbian Latin -> Cyrillic (digraphs first). */
function ewb_cyrillic($s) {
    static $map = null;
    if (null === $map) {
        $map = [
            'Lj' => 'Љ',
            'LJ' => 'Љ',
            'lj' => 'љ',
            'Nj' => 'Њ',
            'NJ' => 'Њ',
            'nj' => 'њ',
            'Dž' => 'Џ',
            'DŽ' => 'Џ',
            'dž' => 'џ',
        ];
        $lat = preg_split('//u', 'ABVGDĐEŽZIJKLMNOPRSTĆUFHCČŠabvgdđežzijklmnoprstćufhcčš', -1, PREG_SPLIT_NO_EMPTY);
        $cyr = preg_split('//u', 'АБВГДЂЕЖЗИЈКЛМНОПРСТЋУФХЦЧШабвгдђежзијклмнопрстћуфхцчш', -1, PREG_SPLIT_NO_EMPTY);
        $map += array_combine($lat, $cyr);
    }
    return strtr($s, $map);
}

/** Small deterministic random source: the same key gives the same sequence on every machine. */
class EWB_Rand {
    private $s;
    public function __construct($key) {
        $this->s = crc32('ewb:' . $key) ?: 1;
    }
    public function int($lo, $hi) {
        // xorshift32
        $x = $this->s;
        $x ^= ($x << 13) & 0xffffffff;
        $x ^= $x >> 17;
        $x ^= ($x << 5) & 0xffffffff;
        $this->s = $x & 0xffffffff;
        return $lo + ($this->s % ($hi - $lo + 1));
    }
    public function pick($a) {
        return $a[$this->int(0, count($a) - 1)];
    }
    public function some($a, $n) {
        // n different ones, in a random order
        $a = array_values($a);
        for ($i = count($a) - 1; $i > 0; $i--) {
            $j = $this->int(0, $i);
            [$a[$i], $a[$j]] = [$a[$j], $a[$i]];
        }
        return array_slice($a, 0, $n);
    }
    public function chance($pct) {
        return $this->int(1, 100) <= $pct;
    }
}
