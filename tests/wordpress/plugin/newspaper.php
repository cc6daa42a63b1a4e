<?php
/**
 * What makes a newspaper of WordPress: related posts, share bars, newsletter box, sidebar, cookie banner, captions under
 * lead pictures, joint authors, the language of a page, embeds without the network; and, as an option, SEO mark-up and
 * sitemaps in the shape that the common SEO plugin gives them. Our own code, none of that plugin's.
 */
if (!defined('ABSPATH')) {
    exit();
}

const EWB_SHARE = [
    'Facebook' => 'https://www.facebook.com/sharer.php?u=',
    'Twitter' => 'https://twitter.com/share?url=',
    'LinkedIn' => 'https://www.linkedin.com/cws/share?url=',
    'Viber' => 'viber://forward?text=',
];
const EWB_NEWSLETTER = 'Subscribe to our newsletter and receive the most important news from the region every Friday.';
const EWB_COOKIES = 'We use cookies to ensure that we give you the best experience on our website. If you continue to use this site we will assume that you are happy with it.';

/* ---- no outgoing traffic */
add_filter('pre_http_request', fn() => new WP_Error('offline', 'no outgoing requests'), 1);
add_filter('pre_wp_mail', '__return_false');
add_filter('xmlrpc_enabled', '__return_false');
remove_action('wp_head', 'rest_output_rsd', 10);

/* ---- embeds without the network */
add_filter(
    'pre_oembed_result',
    function ($html, $url) {
        if (preg_match('#youtube\.com/watch\?v=([\w-]+)#', $url, $m)) {
            return '<iframe title="Press conference" width="500" height="281" src="https://www.youtube.com/embed/' .
                $m[1] .
                '?feature=oembed" frameborder="0" allowfullscreen></iframe>';
        }
        if (preg_match('#twitter\.com/(\w+)/status/(\d+)#', $url, $m)) {
            $text = '';
            $spec = json_decode((string) get_post_meta(get_the_ID(), '_ewb_spec', true), true);
            foreach ($spec['blocks'] ?? [] as $b) {
                if ('embed' === $b['t'] && $b['url'] === $url) {
                    $text = $b['text'];
                }
            }
            return '<blockquote class="twitter-tweet" data-width="500" data-dnt="true"><p lang="en" dir="ltr">' .
                esc_html($text) .
                '</p>&mdash; EWB example (@' .
                $m[1] .
                ') <a href="' .
                esc_url($url) .
                '?ref_src=twsrc%5Etfw">January 30, 2024</a></blockquote><script async src="https://platform.twitter.com/widgets.js" charset="utf-8"></script>';
        }
        return $html;
    },
    10,
    2,
);

/* ---- language of the page, co-authors */
add_filter('language_attributes', function ($out) {
    $l = is_singular() ? get_post_meta(get_queried_object_id(), '_ewb_locale', true) : '';
    return 'lang="' . esc_attr($l ? $l : 'en-GB') . '"';
});
function ewb_joint_name($name, $user_id = 0) {
    $post = get_post();
    if (
        !$post ||
        is_admin() ||
        'cli' === PHP_SAPI ||
        ($user_id && (int) $post->post_author !== (int) $user_id) ||
        is_author()
    ) {
        return $name;
    }
    $co = (int) get_post_meta($post->ID, '_ewb_coauthor', true);
    return $co ? $name . ' and ' . get_userdata($co)->display_name : $name;
}
add_filter('the_author', fn($name) => ewb_joint_name($name));
add_filter(
    'get_the_author_display_name',
    fn($v, $uid) => doing_filter('the_author') ? $v : ewb_joint_name($v, $uid),
    10,
    2,
);

/* ---- under the article */
function ewb_share_html($class) {
    $u = rawurlencode(get_permalink());
    $h = "<div class=\"ewb-share $class\"><span class=\"ewb-share__label\">Share this article</span><ul>";
    foreach (EWB_SHARE as $name => $link) {
        $h .= "<li><a rel=\"nofollow noopener\" target=\"_blank\" href=\"$link$u\">$name</a></li>";
    }
    return $h . '</ul></div>';
}
function ewb_related_html($post_id) {
    $items = '';
    foreach ((array) get_post_meta($post_id, '_ewb_related', true) as $id) {
        $p = get_post($id);
        if (!$p || 'publish' !== $p->post_status) {
            continue;
        }
        $thumb = get_the_post_thumbnail($p, 'thumbnail', ['class' => 'related-posts__thumb', 'alt' => '']);
        $author =
            'ewb-archives' === get_the_author_meta('user_login', $p->post_author)
                ? '<div class="related-posts__author">EWB Archives</div>'
                : '';
        $items .=
            '<div class="related-posts__item">' .
            ($thumb ? '<a href="' . get_permalink($p) . "\">$thumb</a>" : '') .
            '<h4 class="related-posts__title"><a href="' .
            get_permalink($p) .
            '">' .
            get_the_title($p) .
            "</a></h4>$author</div>";
    }
    return $items
        ? "<div class=\"related-posts\"><h3 class=\"related-posts__heading\">Related posts</h3>$items</div>"
        : '';
}
add_filter(
    'the_content',
    function ($html) {
        if (
            !is_singular('post') ||
            !in_the_loop() ||
            get_the_ID() !== get_queried_object_id() ||
            post_password_required() ||
            is_feed()
        ) {
            return $html;
        }
        $ad =
            '<div class="ewb-ad" aria-label="Advertisement"><small>Advertisement</small><a href="https://example.com/?utm_source=ewb"><img src="' .
            content_url('mu-plugins/banner.svg') .
            '" alt="" width="300" height="60"></a></div>';
        $cut = 0; // the advertisement stands after the second paragraph
        for ($i = 0; $i < 2; $i++) {
            $at = strpos($html, '</p>', $cut);
            if (false === $at) {
                $cut = 0;
                break;
            }
            $cut = $at + 4;
        }
        if ($cut) {
            $html = substr($html, 0, $cut) . "\n$ad\n" . substr($html, $cut);
        }
        $news =
            '<div class="ewb-newsletter"><h4>Newsletter</h4><p>' .
            EWB_NEWSLETTER .
            '</p><form action="#" method="post"><input type="email" name="email" placeholder="E-mail"><button type="button">Sign up</button></form></div>';
        return ewb_share_html('ewb-share--top') .
            "\n$html\n" .
            ewb_share_html('ewb-share--bottom') .
            $news .
            ewb_related_html(get_the_ID());
    },
    40,
);

/* ---- caption under the lead picture in block themes (classic themes print it themselves) */
add_filter('render_block_core/post-featured-image', function ($html) {
    if (!is_singular('post') || '' === $html || get_the_ID() !== get_queried_object_id()) {
        return $html;
    }
    $cap = wp_get_attachment_caption(get_post_thumbnail_id());
    return $cap
        ? str_replace(
            '</figure>',
            '<figcaption class="wp-element-caption">' . wp_kses_post($cap) . '</figcaption></figure>',
            $html,
        )
        : $html;
});

/* ---- sidebar: widgets in classic themes, before the footer in block themes */
function ewb_list_html($ids) {
    $h = '<ul class="ewb-list">';
    foreach ($ids as $id) {
        if ('publish' === get_post_status($id)) {
            $h .=
                '<li><a href="' .
                get_permalink($id) .
                '">' .
                get_the_title($id) .
                '</a> <time datetime="' .
                get_the_date('c', $id) .
                '">' .
                get_the_date('', $id) .
                '</time></li>';
        }
    }
    return "$h</ul>";
}
add_shortcode(
    'ewb_latest',
    fn() => ewb_list_html(get_posts(['fields' => 'ids', 'numberposts' => 5, 'has_password' => false])),
);
add_shortcode('ewb_most_read', fn() => ewb_list_html((array) get_option('ewb_most_read', [])));
add_filter('widget_text', 'do_shortcode');
add_filter(
    'render_block_core/template-part',
    function ($html, $block) {
        if ('footer' !== ($block['attrs']['slug'] ?? '')) {
            return $html;
        }
        return '<aside class="ewb-sidebar"><section class="widget"><h2>Latest news</h2>' .
            do_shortcode('[ewb_latest]') .
            '</section><section class="widget"><h2>Most read</h2>' .
            do_shortcode('[ewb_most_read]') .
            '</section><section class="widget"><h2>Support independent journalism</h2><p><a href="/about-us/">Donate</a></p></section></aside>' .
            $html;
    },
    10,
    2,
);
function ewb_widgets($is_block_theme) {
    update_option('widget_text', [
        2 => ['title' => 'Latest news', 'text' => '[ewb_latest]', 'filter' => false],
        3 => ['title' => 'Most read', 'text' => '[ewb_most_read]', 'filter' => false],
        4 => [
            'title' => 'Support independent journalism',
            'text' => '<p><a href="/about-us/">Donate</a></p>',
            'filter' => false,
        ],
        '_multiwidget' => 1,
    ]);
    wp_set_sidebars_widgets(
        $is_block_theme
            ? ['wp_inactive_widgets' => ['text-2', 'text-3', 'text-4']]
            : ['wp_inactive_widgets' => [], 'sidebar-1' => ['text-2', 'text-3', 'text-4']],
    );
}
add_action('wp_footer', function () {
    echo '<div id="cookie-notice" role="dialog" class="cookie-notice"><p>' .
        EWB_COOKIES .
        '</p><button type="button">Ok</button> <a href="/impressum/">Privacy policy</a></div>';
});

/* ---- feeds, as news sites have them */
function ewb_feed_tail($html) {
    return $html .
        '<p>The post <a href="' .
        get_permalink() .
        '">' .
        get_the_title() .
        '</a> appeared first on <a href="' .
        home_url('/') .
        '">' .
        get_bloginfo('name') .
        '</a>.</p>';
}
add_filter('the_content_feed', 'ewb_feed_tail');
add_filter('the_excerpt_rss', 'ewb_feed_tail');

/* ---- sitemaps */
const EWB_SITEMAP_MAX = 50; // URLs in one: a small site has several, too
add_filter('wp_sitemaps_max_urls', fn() => EWB_SITEMAP_MAX);

/* ---- option: SEO mark-up */
if (get_option('ewb_seo')) {
    add_action('wp_head', 'ewb_seo_head', 1);
    add_action('parse_request', 'ewb_seo_sitemaps');
    add_filter(
        'robots_txt',
        fn() => "User-agent: *\nDisallow:\n\nSitemap: " . home_url('/sitemap_index.xml') . "\n",
        20,
    );
    add_filter('wp_sitemaps_posts_query_args', function ($a) {
        $a['orderby'] = 'modified';
        return $a;
    });
}
function ewb_seo_plain($html) {
    return trim(html_entity_decode(wp_strip_all_tags($html), ENT_QUOTES | ENT_HTML5, 'UTF-8'));
}
function ewb_seo_head() {
    $meta = fn($k, $v, $a = 'property') => print "<meta $a=\"$k\" content=\"" . esc_attr($v) . "\" />\n";
    $name = get_bloginfo('name');
    if (!is_singular('post')) {
        $meta('og:type', 'website');
        $meta('og:site_name', $name);
        return;
    }
    $id = get_queried_object_id();
    $p = get_post($id);
    $url = get_permalink($id);
    $title = ewb_seo_plain(get_the_title($id));
    $desc = post_password_required($p)
        ? ''
        : ewb_seo_plain(
            $p->post_excerpt
                ? $p->post_excerpt
                : wp_trim_words(strip_shortcodes(wp_strip_all_tags($p->post_content)), 28),
        );
    $user = get_userdata($p->post_author);
    $co = (int) get_post_meta($id, '_ewb_coauthor', true);
    $by = $user->display_name . ($co ? ' and ' . get_userdata($co)->display_name : '');
    $pub = get_post_time('c', true, $p);
    $mod = get_post_modified_time('c', true, $p);
    $img = get_the_post_thumbnail_url($id, 'full');
    $cats = wp_get_post_categories($id, ['fields' => 'names']);
    $tags = wp_get_post_tags($id, ['fields' => 'names']);
    $lang = get_post_meta($id, '_ewb_locale', true) ?: 'en-GB';
    if ($desc) {
        $meta('description', $desc, 'name');
    }
    $meta('og:locale', str_replace('-', '_', $lang));
    $meta('og:type', 'article');
    $meta('og:title', "$title - $name");
    if ($desc) {
        $meta('og:description', $desc);
    }
    $meta('og:url', $url);
    $meta('og:site_name', $name);
    $meta('article:published_time', $pub);
    if ($mod !== $pub) {
        $meta('article:modified_time', $mod);
    }
    if ($img) {
        $meta('og:image', $img);
        $meta('og:image:width', 800);
        $meta('og:image:height', 450);
    }
    $meta('author', $by, 'name');
    $meta('twitter:card', 'summary_large_image', 'name');
    $meta('twitter:label1', 'Written by', 'name');
    $meta('twitter:data1', $by, 'name');
    $home = home_url('/');
    $graph = [
        array_filter([
            '@type' => 'Article',
            '@id' => "$url#article",
            'isPartOf' => ['@id' => $url],
            'author' => ['name' => $by, '@id' => "$home#/schema/person/" . md5($user->user_login)],
            'headline' => $title,
            'datePublished' => $pub,
            'dateModified' => $mod,
            'mainEntityOfPage' => ['@id' => $url],
            'wordCount' => str_word_count(wp_strip_all_tags($p->post_content)),
            'publisher' => ['@id' => "$home#organization"],
            'image' => $img ? ['@id' => "$url#primaryimage"] : null,
            'thumbnailUrl' => $img ?: null,
            'keywords' => $tags ?: null,
            'articleSection' => $cats,
            'inLanguage' => $lang,
        ]),
        [
            '@type' => 'WebPage',
            '@id' => $url,
            'url' => $url,
            'name' => "$title - $name",
            'isPartOf' => ['@id' => "$home#website"],
            'datePublished' => $pub,
            'dateModified' => $mod,
            'breadcrumb' => ['@id' => "$url#breadcrumb"],
            'inLanguage' => $lang,
        ],
        [
            '@type' => 'BreadcrumbList',
            '@id' => "$url#breadcrumb",
            'itemListElement' => [
                ['@type' => 'ListItem', 'position' => 1, 'name' => 'Home', 'item' => $home],
                ['@type' => 'ListItem', 'position' => 2, 'name' => $title],
            ],
        ],
        [
            '@type' => 'WebSite',
            '@id' => "$home#website",
            'url' => $home,
            'name' => $name,
            'publisher' => ['@id' => "$home#organization"],
        ],
        ['@type' => 'Organization', '@id' => "$home#organization", 'name' => $name, 'url' => $home],
        [
            '@type' => 'Person',
            '@id' => "$home#/schema/person/" . md5($user->user_login),
            'name' => $by,
            'url' => get_author_posts_url($user->ID),
        ],
    ];
    if ($img) {
        array_splice($graph, 2, 0, [
            [
                '@type' => 'ImageObject',
                '@id' => "$url#primaryimage",
                'url' => $img,
                'contentUrl' => $img,
                'width' => 800,
                'height' => 450,
                'caption' => ewb_seo_plain(wp_get_attachment_caption(get_post_thumbnail_id($id))),
            ],
        ]);
    }
    echo '<script type="application/ld+json" class="seo-schema-graph">' .
        wp_json_encode(
            ['@context' => 'https://schema.org', '@graph' => $graph],
            JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE,
        ) .
        "</script>\n";
}
/** /sitemap_index.xml, /post-sitemap.xml, /post-sitemap2.xml, /page-sitemap.xml and so on; core's sitemap redirects. */
function ewb_seo_sitemaps($wp) {
    global $wpdb;
    $path = (string) wp_parse_url($_SERVER['REQUEST_URI'] ?? '', PHP_URL_PATH);
    if ('/wp-sitemap.xml' === $path) {
        wp_redirect(home_url('/sitemap_index.xml'), 301);
        exit();
    }
    if (!preg_match('#^/(sitemap_index|(post|page|category|author)-sitemap(\d*))\.xml$#', $path, $m)) {
        return;
    }
    $max = EWB_SITEMAP_MAX;
    $iso = fn($gmt) => str_replace(' ', 'T', $gmt) . '+00:00';
    $where = "post_status='publish' AND post_password='' AND post_type=";
    $out = '<?xml version="1.0" encoding="UTF-8"?>' . "\n";
    if ('sitemap_index' === $m[1]) {
        $rows = [];
        foreach (['post', 'page'] as $type) {
            $dates = $wpdb->get_col(
                $wpdb->prepare(
                    "SELECT post_modified_gmt FROM $wpdb->posts WHERE $where%s ORDER BY post_modified_gmt ASC, ID ASC",
                    $type,
                ),
            );
            foreach (array_chunk($dates, $max) as $i => $c) {
                $rows[] = ["/$type-sitemap" . ($i ? $i + 1 : '') . '.xml', end($c)];
            }
            if ('post' === $type) {
                $last = end($dates);
            }
        }
        $rows[] = ['/category-sitemap.xml', $last];
        $rows[] = ['/author-sitemap.xml', $last];
        $out .= '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' . "\n";
        foreach ($rows as $r) {
            $out .= "\t<sitemap><loc>" . home_url($r[0]) . '</loc><lastmod>' . $iso($r[1]) . "</lastmod></sitemap>\n";
        }
        $out .= '</sitemapindex>';
    } else {
        $out .=
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">' .
            "\n";
        $page = max(1, (int) $m[3]);
        if (in_array($m[2], ['post', 'page'], true)) {
            $rows = $wpdb->get_results(
                $wpdb->prepare(
                    "SELECT * FROM $wpdb->posts WHERE $where%s ORDER BY post_modified_gmt ASC, ID ASC LIMIT %d, %d",
                    $m[2],
                    ($page - 1) * $max,
                    $max,
                ),
            );
            if (!$rows) {
                return;
            }
            foreach ($rows as $p) {
                $img = get_the_post_thumbnail_url($p->ID, 'full');
                $out .=
                    "\t<url><loc>" .
                    get_permalink($p->ID) .
                    '</loc><lastmod>' .
                    $iso($p->post_modified_gmt) .
                    '</lastmod>' .
                    ($img ? "<image:image><image:loc>$img</image:loc></image:image>" : '') .
                    "</url>\n";
            }
        } else {
            $urls =
                'category' === $m[2]
                    ? array_map('get_term_link', get_terms(['taxonomy' => 'category']))
                    : array_map(
                        'get_author_posts_url',
                        get_users(['fields' => 'ID', 'has_published_posts' => ['post']]),
                    );
            foreach ($urls as $u) {
                $out .= "\t<url><loc>$u</loc></url>\n";
            }
        }
        $out .= '</urlset>';
    }
    status_header(200);
    header('Content-Type: text/xml; charset=UTF-8');
    header('X-Robots-Tag: noindex, follow');
    echo $out;
    exit();
}
