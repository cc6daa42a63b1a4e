<?php
/** ewb_spec( $k ): the description of post number $k (1 is the newest), a pure function of $k. */
require_once __DIR__ . '/words.php';

const EWB_TZ = 'Europe/Belgrade';
const EWB_NEWEST = '2024-03-15 17:42:00';
const EWB_SHAPES = [
    'news_classic',
    'news_blocks',
    'news_inline_image',
    'brief',
    'interview_classic',
    'news_two_places',
    'oped',
    'analysis',
    'news_sr_latn',
    'news_legacy',
    'news_headline',
    'gallery_classic',
    'multipage_classic',
    'table',
    'embed',
    'news_mk',
    'news_dated',
    'news_no_image',
    'interview_blocks',
    'news_sq',
    'news_straight_quotes',
    'statement',
    'gallery_blocks',
    'news_sr_cyrl',
    'series',
    'oped_joint',
    'news_divs',
    'liveblog',
    'multipage_blocks',
    'news_standfirst',
];

function ewb_date($k) {
    $r = new EWB_Rand("date$k");
    $hours = ($k - 1) * 9 + intdiv(min($k, 120), 15) * 24 * 40;
    $d = new DateTimeImmutable(EWB_NEWEST, new DateTimeZone(EWB_TZ));
    return $d->modify('-' . ($hours * 60 + ($k > 1 ? $r->int(0, 500) : 0)) . ' minutes');
}

function ewb_fill($s, $c) {
    $s = strtr($s, $c);
    return mb_strtoupper(mb_substr($s, 0, 1)) . mb_substr($s, 1);
}

function ewb_context($r, $topic, $date) {
    [$a, $b] = $r->some(EWB_PEOPLE, 2);
    $home = array_filter(EWB_PLACES, fn($x) => 'EU' !== $x[2]);
    [$pl] = $r->some(in_array($topic, ['enlargement', 'media', 'economy'], true) ? EWB_PLACES : $home, 1);
    [$p2] = $r->some(array_filter(EWB_PLACES, fn($x) => $x !== $pl), 1);
    $country =
        'EU' === $pl[2]
            ? $r->pick(['Serbia', 'Kosovo', 'North Macedonia', 'Montenegro', 'Albania', 'Bosnia and Herzegovina'])
            : $pl[2];
    return [
        '_place' => $pl,
        '_place2' => $p2,
        '_country' => $country,
        '{P1}' => "$a[0] $a[1]",
        '{P2}' => "$b[0] $b[1]",
        '{p1}' => $a[2],
        '{p2}' => $b[2],
        '{place}' => $pl[0],
        '{place2}' => $p2[0],
        '{country}' => $country,
        '{n}' => (string) (10 * $r->int(7, 140)),
        '{n2}' => (string) $r->int(3, 33),
        '{pct}' => $r->int(1, 89) . '.' . $r->int(1, 9),
        '{day}' => $date->format('l'),
        '{month}' => $r->pick(EWB_MONTHS),
        '{year}' => (string) $r->int(2009, 2022),
    ];
}

function ewb_caption($r, $text, $label = null, $credits = null) {
    $c = $r->pick(EWB_CREDITS);
    if ($credits) {
        $c = [$r->pick(['; ', ', ', ' / ']) . $label . ': ', $r->pick($credits)];
    }
    return [
        'caption' => $text,
        'sep' => $c[0],
        'credit' => $c[1],
        'end' => $c[2] ?? '',
        'alt' => $r->chance(50) ? $text : '',
    ];
}

function ewb_spec($k) {
    $r = new EWB_Rand("post$k");
    $shape = $k > 100000 ? EWB_SHAPES[($k - 1) % 2] : EWB_SHAPES[($k - 1) % count(EWB_SHAPES)];
    $date = ewb_date($k > 100000 ? 1 : $k); // numbers above 100000: posts outside the archive, dated by the caller
    $topic_key = $r->pick(array_keys(EWB_TOPICS));
    $c = ewb_context($r, $topic_key, $date);
    $t = EWB_TOPICS[$topic_key];
    $f = fn($s) => ewb_fill($s, array_filter($c, 'is_string'));
    $s = [
        'k' => $k,
        'shape' => $shape,
        'topic' => $topic_key,
        'editor' => 'classic',
        'lang' => 'en',
        'locale' => 'en-GB',
        'headline' => $f($r->pick($t['headlines'])),
        'slug' => '',
        'excerpt' => '',
        'sections' => $r->chance(70) ? array_merge(['news'], $t['sections']) : $t['sections'],
        'tags' => $r->some(array_merge($t['tags'], [$c['_country']]), $r->int(2, 4)),
        'author' =>
            ($k > 80 && $k < 100000) || 0 === $k % 9
                ? 'ewb-archives'
                : $r->pick(['ewb', 'sofija-zivkovic', 'aleksandar-ilic', 'valon-rexhepi', 'marija-trajkovska']),
        'coauthor' => '',
        'date' => $date->format('Y-m-d H:i:s'),
        'modified' => '',
        'dateline' => null,
        'images' => [],
        'lead' => null,
        'blocks' => [],
        'related' => [],
        'status' => 'publish',
        'sticky' => 3 === $k || 40 === $k,
        'password' => '',
        'comments' => 0 === $k % 17 ? 3 : 0,
    ];
    $s['sections'][] = EWB_COUNTRY_SLUG[$c['_country']];
    if ($r->chance(18)) {
        $s['modified'] = $date
            ->modify('+' . $r->pick([7, 25, 190, 1450, 8000, 60000]) . ' minutes')
            ->format('Y-m-d H:i:s');
    }

    // --- building stones
    $para = fn($txt) => ['t' => 'p', 'html' => $txt];
    $news = function ($nb, $nq) use ($r, $t, $f, $para) {
        $body = array_map($f, $r->some($t['bodies'], min($nb, count($t['bodies']))));
        $q = array_map($f, $r->some($t['quotes'], min($nq, count($t['quotes']))));
        foreach ($q as $i => $x) {
            array_splice($body, 1 + 2 * $i, 0, [$x]);
        }
        $body = array_merge($body, array_map($f, $r->some(EWB_BACKGROUND, $r->int(1, 2))));
        foreach ($body as &$b) {
            // inline mark-up as editors leave it
            if ($r->chance(20)) {
                $b = preg_replace(
                    '/\b(report|agreement|analysis|opinion|draft law)\b/u',
                    '<a href="https://example.org/document.pdf" target="_blank" rel="noopener">$1</a>',
                    $b,
                    1,
                );
            }
            if ($r->chance(10)) {
                $b = preg_replace('/\b(Growth Plan|Berlin Process|KFOR|Commission)\b/u', '<strong>$1</strong>', $b, 1);
            }
            if ($r->chance(6)) {
                $b = preg_replace('/\b(unanimity|rule of law|just)\b/u', '<em>$1</em>', $b, 1);
            }
        }
        return array_map($para, $body);
    };
    $image = function ($role) use (&$s, $r, $t, $f) {
        $s['images'][] = ['role' => $role] + ewb_caption($r, $f($r->pick($t['captions'])));
        return count($s['images']) - 1;
    };
    $dateline = function ($kind) use (&$s, $c, $date) {
        $p = $c['_place'][1];
        $p2 = $c['_place2'][1];
        $dm = $date->format('j F');
        switch ($kind) {
            case 'two':
                $d = ["$p/$p2 – ", "$p/$p2 – ", [$p, $p2], null];
                break;
            case 'and':
                $d = ["$p, $p2 – ", "$p, $p2 – ", [$p, $p2], null];
                break;
            case 'dated':
                $d = ["$p, $dm – ", "$p, $dm – ", [$p], $date->format('Y-m-d')];
                break;
            case 'bold':
                $d = ["<strong>$p</strong> – ", "$p – ", [$p], null];
                break;
            case 'boldin':
                $d = ["<strong>$p – </strong>", "$p – ", [$p], null];
                break;
            case 'em':
                $d = ["$p — ", "$p — ", [$p], null];
                break;
            case 'hyphen':
                $d = ["$p - ", "$p – ", [$p], null];
                break; // WordPress turns " - " into an en dash
            default:
                $d = ["$p – ", "$p – ", [$p], null];
        }
        $s['dateline'] = ['text' => trim($d[1]), 'places' => $d[2], 'date' => $d[3]];
        return $d[0];
    };
    $lead = $f($r->pick($t['leads']));
    $std = fn() => $dateline($r->pick(['plain', 'plain', 'plain', 'bold', 'boldin', 'em', 'hyphen']));

    switch ($shape) {
        case 'news_blocks':
            $s['editor'] = 'blocks';
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(5, 2));
            array_splice($s['blocks'], 3, 0, [['t' => 'readalso', 'n' => 0]]);
            break;
        case 'news_inline_image':
            $s['editor'] = 'blocks';
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(5, 2));
            array_splice($s['blocks'], 3, 0, [['t' => 'img', 'i' => $image('inline')]]);
            break;
        case 'brief':
            $s['blocks'] = [$para($std() . $lead), $para($f($r->pick($t['bodies'])))];
            if ($r->chance(50)) {
                $s['lead'] = $image('lead');
            }
            break;
        case 'interview_classic':
        case 'interview_blocks':
            $s['editor'] = 'interview_blocks' === $shape ? 'blocks' : 'classic';
            $s['sections'] = ['interviews', EWB_COUNTRY_SLUG[$c['_country']]];
            $s['headline'] = $f(
                $r->pick([
                    '[EWB Interview] {p1}: “Citizens are ahead of their politicians”',
                    '{p1} for EWB: Dates do not replace political will',
                    'Interview with {p1}: There is no “plan B” for {country}',
                ]),
            );
            $s['lead'] = $image('lead');
            $s['blocks'][] = [
                't' => 'p',
                'html' => $f(
                    '<em>On the margins of the conference held in {place}, we talked with {P1} about the reforms, the expectations of the citizens and the role of the member states.</em>',
                ),
            ];
            foreach ($r->some(EWB_QUESTIONS, $r->int(5, 8)) as $n => $qa) {
                $s['blocks'][] = [
                    't' => 'q',
                    'html' => 'European Western Balkans: ' . $f($qa[0]),
                    'label' => 'European Western Balkans: ',
                ];
                if ($n) {
                    $s['blocks'][count($s['blocks']) - 1] = [
                        't' => 'q',
                        'html' => 'EWB: ' . $f($qa[0]),
                        'label' => 'EWB: ',
                    ];
                }
                foreach (array_map('trim', preg_split('/(?<=\.) (?=I |That|The answer|Most)/u', $f($qa[1]))) as $a) {
                    $s['blocks'][] = ['t' => 'a', 'html' => $a];
                }
                if (2 === $n) {
                    $s['blocks'][] = ['t' => 'img', 'i' => $image('inline')];
                }
            }
            break;
        case 'news_two_places':
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge([$para($dateline($r->chance(70) ? 'two' : 'and') . $lead)], $news(5, 2));
            break;
        case 'oped':
        case 'oped_joint':
            $s['editor'] = 'blocks';
            $s['sections'] = ['opinion', 'analysis'];
            $s['author'] = $r->pick(['dr-amina-kovac', 'lars-oconnell']);
            if ('oped_joint' === $shape) {
                $s['author'] = 'dr-amina-kovac';
                $s['coauthor'] = 'lars-oconnell';
            }
            $s['headline'] = $f($r->pick(EWB_OPED['headlines']));
            $s['lead'] = $image('lead');
            $s['blocks'] = array_map(fn($x) => $para($f($x)), EWB_OPED['paras']);
            array_splice($s['blocks'], 4, 0, [
                ['t' => 'pullquote', 'html' => 'There is a difference between stability and stagnation.'],
            ]);
            $names = array_column(EWB_AUTHORS, 1, 0);
            $s['blocks'][] = [
                't' => 'bio',
                'html' => str_replace(
                    '{A}',
                    $names[$s['author']],
                    EWB_OPED['bio']['lars-oconnell' === $s['author'] ? 1 : 0],
                ),
            ];
            break;
        case 'analysis':
            $s['editor'] = 'blocks';
            $s['sections'] = array_merge(['analysis'], $t['sections']);
            $s['lead'] = $image('lead');
            $s['blocks'] = [$para($lead), $para($f(EWB_BACKGROUND[0]))];
            foreach ($r->some($t['subheads'], 3) as $n => $h) {
                $s['blocks'][] = ['t' => 'h2', 'html' => $h];
                array_push($s['blocks'], ...array_slice($news(3, 1), 0, 4));
                if (0 === $n) {
                    $s['blocks'][] = [
                        't' => 'ul',
                        'items' => array_map($f, [
                            'appointment of the members of the {place} council;',
                            'adoption of the law by the end of {month};',
                            'publication of <em>all</em> contracts since {year}.',
                        ]),
                    ];
                }
                if (1 === $n) {
                    $s['blocks'][] = [
                        't' => 'quote',
                        'html' => $f(
                            'The question is not when {country} will be ready, but who decides what “ready” means.',
                        ),
                        'cite' => $f('{P2}'),
                    ];
                }
                if (2 === $n) {
                    $s['blocks'][] = ['t' => 'img', 'i' => $image('inline')];
                    $s['blocks'][] = $para($f('{p1} expects the first results before {month}.'));
                }
            }
            break;
        case 'news_sr_latn':
        case 'news_sr_cyrl':
        case 'news_sq':
        case 'news_mk':
            $code = ['news_sr_latn' => 'sr-Latn', 'news_sr_cyrl' => 'sr-Latn', 'news_sq' => 'sq', 'news_mk' => 'mk'][
                $shape
            ];
            $l = EWB_LOCAL[$code];
            $cy = 'news_sr_cyrl' === $shape ? 'ewb_cyrillic' : fn($x) => $x;
            $s['lang'] = 'news_sr_cyrl' === $shape ? 'sr-Cyrl' : $code;
            $s['locale'] = 'news_sr_cyrl' === $shape ? 'sr-Cyrl-RS' : $l['locale'];
            $s['sections'] = ['regionalni-jezici'];
            $s['tags'] = array_map($cy, $l['tags']);
            $i = $r->int(0, count($l['headlines']) - 1);
            $s['headline'] = $cy($l['headlines'][$i]);
            $s['editor'] = $r->chance(50) ? 'blocks' : 'classic';
            $place = $cy($r->pick($l['places']));
            $s['dateline'] = ['text' => "$place –", 'places' => [$place], 'date' => null];
            $s['blocks'] = [$para("$place – " . $cy($r->pick($l['leads'])))];
            foreach ($r->some($l['bodies'], 5) as $b) {
                $s['blocks'][] = $para($cy($b));
            }
            $cap = ewb_caption($r, $cy($r->pick($l['captions'])), $cy($l['label']), array_map($cy, $l['credits']));
            $s['images'][] = ['role' => 'lead'] + $cap;
            $s['lead'] = 0;
            break;
        case 'news_legacy':
            $s['editor'] = 'legacy';
            $s['lead'] = null; // lead picture inside the body, no featured image
            $s['author'] = 'ewb-archives';
            $s['blocks'] = array_merge(
                [['t' => 'img', 'i' => $image('inline')], $para($dateline('boldin') . $lead)],
                $news(4, 2),
            );
            break;
        case 'news_headline':
            $s['lead'] = $image('lead');
            $s['headline'] = $r->pick([
                $f('{p1} & {p2}: “We need Q&A, not monologues” – talks in {place}'),
                $f('5 things to know about {country}’s <em>Growth Plan</em> agenda'),
                $f('2030 or never? {country}, the EU and the “{pct}% question”'),
                $f(
                    'LIVE | {place}: {p1}’s statement, reactions… and what comes next after a long night of negotiations on the constitutional amendments, the budget and the composition of the new Government',
                ),
                $f('Kosovo* and Serbia: {p1} says \'no\' to "sixth package" -- for now'),
            ]);
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(4, 2), [
                [
                    't' => 'note',
                    'html' =>
                        '*This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 and the ICJ Opinion on the Kosovo declaration of independence.',
                ],
            ]);
            break;
        case 'gallery_classic':
        case 'gallery_blocks':
            $s['editor'] = 'gallery_blocks' === $shape ? 'blocks' : 'classic';
            $s['sections'] = ['in-pictures'];
            $s['headline'] = $f(
                $r->pick([
                    '[In pictures] {place}: One day at the border',
                    'PHOTO: Protest in {place}',
                    'In pictures: {place} before the summit',
                ]),
            );
            $s['lead'] = $image('lead');
            $g = [$image('gallery'), $image('gallery'), $image('gallery'), $image('gallery')];
            $s['blocks'] = [$para($std() . $lead), ['t' => 'gallery', 'is' => $g], $para($f($r->pick($t['bodies'])))];
            break;
        case 'multipage_classic':
        case 'multipage_blocks':
            $s['editor'] = 'multipage_blocks' === $shape ? 'blocks' : 'classic';
            $s['lead'] = $image('lead');
            $s['sections'] = array_merge(['analysis'], $t['sections']);
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(3, 1));
            foreach ([1, 2] as $n) {
                $s['blocks'][] = ['t' => 'nextpage'];
                $s['blocks'][] = ['t' => 'h2', 'html' => $t['subheads'][$n]];
                array_push($s['blocks'], ...$news(3, 1));
            }
            $s['blocks'][] = ['t' => 'img', 'i' => $image('inline')];
            $s['blocks'][] = $para($f('The last part of this series will be published in {month}.'));
            break;
        case 'table':
            $s['editor'] = 'blocks';
            $s['lead'] = $image('lead');
            $rows = [];
            foreach (['Kosovo', 'Serbia', 'Montenegro', 'Albania', 'North Macedonia'] as $x) {
                $rows[] = [$x, (string) $r->int(10, 99), $r->int(0, 9) . '.' . $r->int(0, 9) . '%'];
            }
            $s['blocks'] = array_merge(
                [$para($std() . $lead)],
                $news(3, 1),
                [
                    [
                        't' => 'table',
                        'head' => ['Country', 'Score', 'Change'],
                        'rows' => $rows,
                        'caption' => $f('Source: own calculation, {year}'),
                    ],
                ],
                [$para($f('{p2} said that the figures should be read with caution.'))],
            );
            break;
        case 'embed':
            $s['editor'] = 'blocks';
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(3, 1));
            array_splice($s['blocks'], 2, 0, [
                [
                    't' => 'embed',
                    'provider' => 'twitter',
                    'url' => 'https://twitter.com/ewb_example/status/17' . str_pad($k, 8, '0', STR_PAD_LEFT),
                    'text' => $f('Good talks in {place} today with {p2}. We agreed on next steps.'),
                ],
            ]);
            $s['blocks'][] = [
                't' => 'embed',
                'provider' => 'youtube',
                'url' => 'https://www.youtube.com/watch?v=ewb' . str_pad($k, 8, '0', STR_PAD_LEFT),
                'text' => '',
            ];
            $s['blocks'][] = $para($f('The recording of the press conference is available above.'));
            break;
        case 'news_dated':
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge([$para($dateline('dated') . $lead)], $news(5, 2));
            break;
        case 'news_no_image':
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(4, 1));
            $s['tags'] = [];
            break;
        case 'news_straight_quotes':
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge([$para($dateline('hyphen') . $lead)], $news(5, 3));
            foreach ($s['blocks'] as &$b) {
                $b['html'] = str_replace(['“', '”', '’'], ['"', '"', "'"], $b['html']);
            }
            unset($b);
            break;
        case 'statement':
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge(
                [
                    $para($std() . $lead),
                    [
                        't' => 'quote',
                        'html' => $f(
                            'We call on the authorities of {country} to publish the draft, to extend the public debate and to invite all the organisations which took part in the working group.',
                        ),
                        'cite' => '',
                    ],
                    [
                        't' => 'ol',
                        'items' => array_map($f, [
                            'Publish the draft by the end of {month}.',
                            'Extend the public debate to {n2} days.',
                            'Invite all members of the working group from {year}.',
                        ]),
                    ],
                ],
                $news(2, 0),
            );
            break;
        case 'series': // the same headline (and slug) every time
            $s['headline'] = 'Weekly digest: Five stories from the Western Balkans';
            $s['slug'] = 'weekly-digest-five-stories-from-the-western-balkans';
            $s['sections'] = ['news'];
            foreach ($r->some(array_keys(EWB_TOPICS), 5) as $key) {
                $s['blocks'][] = ['t' => 'h3', 'html' => $f($r->pick(EWB_TOPICS[$key]['headlines']))];
                $s['blocks'][] = $para($f($r->pick(EWB_TOPICS[$key]['leads'])));
            }
            break;
        case 'news_divs':
            $s['editor'] = 'divs';
            $s['lead'] = $image('lead');
            $s['author'] = 'ewb-archives';
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(4, 2));
            break;
        case 'liveblog':
            $s['editor'] = 'blocks';
            $s['lead'] = $image('lead');
            $s['headline'] = 'LIVE BLOG: ' . $s['headline'];
            $s['blocks'] = [$para($lead)];
            foreach (['20:15', '18:40', '17:05', '15:30', '12:00'] as $n => $time) {
                $s['blocks'][] = ['t' => 'h3', 'html' => $time];
                $s['blocks'][] = $para($f($t['bodies'][$n % count($t['bodies'])]));
                if ($n < count($t['quotes'])) {
                    $s['blocks'][] = $para($f($t['quotes'][$n]));
                }
            }
            break;
        case 'news_standfirst':
            $s['editor'] = 'blocks';
            $s['lead'] = $image('lead');
            $s['excerpt'] = $f('{p1} and {p2} on what comes next for {country}.');
            $s['blocks'] = array_merge([$para($std() . $lead), ['t' => 'more']], $news(5, 2), [
                ['t' => 'readalso', 'n' => 1],
            ]);
            break;
        default:
            // news_classic
            $s['lead'] = $image('lead');
            $s['blocks'] = array_merge([$para($std() . $lead)], $news(6, 2));
            if ($r->chance(50)) {
                array_splice($s['blocks'], 4, 0, [['t' => 'img', 'i' => $image('inline')]]);
            }
    }
    return $s;
}
