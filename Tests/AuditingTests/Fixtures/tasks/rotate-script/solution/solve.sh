#!/bin/bash
cat > /app/rotate.sh <<'END'
#!/bin/bash
[ -e "$1.1" ] && mv "$1.1" "$1.2"
[ -e "$1" ] && mv "$1" "$1.1"
: > "$1"
END
chmod +x /app/rotate.sh
