<?php
/** ewb_render( $spec ): the description of a post as WordPress' post_content, in the manner of its editor. */

function ewb_caption_text($im) {
    return $im['caption'] . $im['sep'] . $im['credit'] . $im['end'];
}

function ewb_render($s) {
    $blocks = 'blocks' === $s['editor'];
    $out = [];
    $wrap = fn($name, $html, $attr = '') => $blocks ? "<!-- wp:$name$attr -->\n$html\n<!-- /wp:$name -->" : $html;
    $p = function ($html, $class = '') use ($s, $wrap) {
        switch ($s['editor']) {
            case 'blocks':
                return $wrap(
                    'paragraph',
                    '<p' . ($class ? " class=\"$class\"" : '') . ">$html</p>",
                    $class ? ' {"className":"' . $class . '"}' : '',
                );
            case 'legacy':
                return "<p style=\"text-align: justify;\"><span style=\"font-size: 12pt;\">$html</span></p>\n<p>&nbsp;</p>";
            case 'divs':
                return "<div dir=\"auto\">$html</div>\n<div dir=\"auto\">&nbsp;</div>";
            default:
                return $html;
        }
    };
    $fig = function ($i, $in_gallery = false) use ($s, $blocks, $wrap) {
        $im = $s['images'][$i];
        $id = $im['id'];
        $src = wp_get_attachment_url($id);
        $cap = ewb_caption_text($im);
        if ($blocks) {
            $html =
                "<figure class=\"wp-block-image size-full\"><img src=\"$src\" alt=\"" .
                esc_attr($im['alt']) .
                "\" class=\"wp-image-$id\"/><figcaption class=\"wp-element-caption\">$cap</figcaption></figure>";
            return $wrap('image', $html, " {\"id\":$id,\"sizeSlug\":\"full\",\"linkDestination\":\"none\"}");
        }
        return "[caption id=\"attachment_$id\" align=\"aligncenter\" width=\"800\"]<img class=\"size-full wp-image-$id\" src=\"$src\" alt=\"" .
            esc_attr($im['alt']) .
            "\" width=\"800\" height=\"450\" /> $cap" .
            '[/caption]';
    };
    foreach ($s['blocks'] as $b) {
        switch ($b['t']) {
            case 'p':
            case 'a':
                $out[] = $p($b['html']);
                break;
            case 'q':
                $out[] = $p("<strong>{$b['html']}</strong>");
                break;
            case 'note':
                $out[] = $p("<small>{$b['html']}</small>");
                break;
            case 'bio':
                $out[] = $p("<em>{$b['html']}</em>", $blocks ? 'author-note' : '');
                break;
            case 'h2':
            case 'h3':
                $n = $b['t'][1];
                $out[] = $wrap('heading', "<h$n>{$b['html']}</h$n>", '2' === $n ? '' : " {\"level\":$n}");
                break;
            case 'ul':
            case 'ol':
                $li = implode("\n", array_map(fn($x) => $wrap('list-item', "<li>$x</li>"), $b['items']));
                $out[] = $wrap('list', "<{$b['t']}>$li</{$b['t']}>", 'ol' === $b['t'] ? ' {"ordered":true}' : '');
                break;
            case 'quote':
                $cite = $b['cite'] ? "<cite>{$b['cite']}</cite>" : '';
                $out[] = $blocks
                    ? $wrap(
                        'quote',
                        "<blockquote class=\"wp-block-quote\">" .
                            $wrap('paragraph', "<p>{$b['html']}</p>") .
                            "$cite</blockquote>",
                    )
                    : "<blockquote>{$b['html']}</blockquote>";
                break;
            case 'pullquote':
                $out[] = $wrap(
                    'pullquote',
                    "<figure class=\"wp-block-pullquote\"><blockquote><p>{$b['html']}</p></blockquote></figure>",
                );
                break;
            case 'img':
                $out[] = $fig($b['i']);
                break;
            case 'gallery':
                $ids = array_map(fn($i) => $s['images'][$i]['id'], $b['is']);
                $out[] = $blocks
                    ? $wrap(
                        'gallery',
                        '<figure class="wp-block-gallery has-nested-images columns-default is-cropped">' .
                            implode("\n", array_map($fig, $b['is'])) .
                            '</figure>',
                        ' {"linkTo":"none"}',
                    )
                    : '[gallery columns="2" size="medium" ids="' . implode(',', $ids) . '"]';
                break;
            case 'table':
                $row = fn($cells, $tag) => '<tr>' .
                    implode('', array_map(fn($x) => "<$tag>$x</$tag>", $cells)) .
                    '</tr>';
                $out[] = $wrap(
                    'table',
                    '<figure class="wp-block-table"><table><thead>' .
                        $row($b['head'], 'th') .
                        '</thead><tbody>' .
                        implode('', array_map(fn($x) => $row($x, 'td'), $b['rows'])) .
                        "</tbody></table><figcaption class=\"wp-element-caption\">{$b['caption']}</figcaption></figure>",
                );
                break;
            case 'embed':
                $a = wp_json_encode(
                    [
                        'url' => $b['url'],
                        'type' => 'twitter' === $b['provider'] ? 'rich' : 'video',
                        'providerNameSlug' => $b['provider'],
                        'responsive' => true,
                    ],
                    JSON_UNESCAPED_SLASHES,
                );
                $out[] = $wrap(
                    'embed',
                    "<figure class=\"wp-block-embed is-provider-{$b['provider']} wp-block-embed-{$b['provider']}\"><div class=\"wp-block-embed__wrapper\">\n{$b['url']}\n</div></figure>",
                    " $a",
                );
                break;
            case 'nextpage':
                $out[] = $wrap('nextpage', '<!--nextpage-->');
                break;
            case 'more':
                $out[] = $wrap('more', '<!--more-->');
                break;
            case 'readalso':
                $id = $s['related'][$b['n']] ?? 0;
                if ($id) {
                    $out[] = $p(
                        '<strong>Read also:</strong> <a href="' .
                            get_permalink($id) .
                            '">' .
                            get_post_field('post_title', $id) .
                            '</a>',
                    );
                }
                break;
        }
    }
    return implode("\n\n", $out);
}
